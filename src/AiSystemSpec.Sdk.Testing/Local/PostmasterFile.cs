using System.Globalization;

namespace AiSystemSpec.Sdk.Testing.Local;

/// <summary>The file <c>postmaster.pid</c>, in which a server says who it is and whether it takes connections.</summary>
internal sealed class PostmasterFile(string data)
{
    private const int StatusLine = 7;

    public string Data { get; } = data;

    public bool Exists => File.Exists(FilePath);

    /// <summary>The server's process id; null when there is no file or it is not written yet.</summary>
    public int? ProcessId => Lines() is [var first, ..] && int.TryParse(first, CultureInfo.InvariantCulture, out var id) ? id : null;

    private string FilePath => Path.Combine(Data, "postmaster.pid");

    /// <param name="processId">The server meant: after a crash, the file is still the one of the server before.</param>
    public bool SaysReady(int processId) =>
        ProcessId == processId && Lines() is { Length: > StatusLine } lines && lines[StatusLine].Trim() is "ready";

    private string[] Lines()
    {
        try
        {
            using var stream = new FileStream(FilePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd().Split('\n');
        }
        catch (IOException)
        {
            return [];   // none, or held by the server for a moment
        }
    }
}

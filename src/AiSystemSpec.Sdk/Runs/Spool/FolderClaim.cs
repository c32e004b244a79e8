using System.Globalization;
using System.Text;
using AiSystemSpec.Sdk.Wire;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>
/// What the file <c>lock</c> of a folder says: who works in it. Lines of text, for people to read, the last of which is a checksum.
/// </summary>
/// <param name="Process">The process that writes the folder, or replays it.</param>
/// <param name="Target">The configured target.</param>
/// <param name="IsReleased">Whether the process ended in order and left rows to the next.</param>
internal sealed record FolderClaim(WriterProcess Process, string Target, bool IsReleased)
{
    private const string Title = "AiSystemSpec.Sdk spool folder, format 1";
    private const int MaxLength = 1 << 16;

    public byte[] ToBytes()
    {
        var text = $"{Title}\nprocess {Process}\ntarget {Target}\n{(IsReleased ? "left" : "held")}\n";
        var sum = Checksum.Of(Encoding.UTF8.GetBytes(text)).ToString("x8", CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetBytes($"{text}{sum}\n");
    }

    /// <summary>Reads the file; null where it is not one of ours, or damaged.</summary>
    public static FolderClaim? TryRead(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > MaxLength)
            {
                return null;
            }

            var bytes = new byte[file.Length];
            return Parse(Encoding.UTF8.GetString(bytes, 0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static FolderClaim? Parse(string text)
    {
        var lines = text.Split('\n');
        if (lines is not [Title, var process, var target, "left" or "held", var sum, ""]
            || !process.StartsWith("process ", StringComparison.Ordinal) || !target.StartsWith("target ", StringComparison.Ordinal)
            || WriterProcess.Parse(process["process ".Length..]) is not { } parsed)
        {
            return null;
        }

        var claim = new FolderClaim(parsed, target["target ".Length..], string.Equals(lines[3], "left", StringComparison.Ordinal));
        return claim.ToBytes().AsSpan().EndsWith(Encoding.UTF8.GetBytes($"{sum}\n")) ? claim : null;
    }
}

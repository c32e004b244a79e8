using System.Diagnostics;
using System.Globalization;

namespace AiSystemSpec.Sdk.Benchmarks.Stampedes;

/// <summary>A process of the stampede, as its parent sees it.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    /// <summary>Starts this program once more, and waits until it is ready.</summary>
    public static async Task<ChildProcess> StartAsync(string peer, string connectionString)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) is "dotnet")
        {
            start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        }

        start.ArgumentList.Add(StampedeChild.Verb);
        start.ArgumentList.Add(peer);
        start.Environment[StampedeChild.ConnectionVariable] = connectionString;
        var child = new ChildProcess(Process.Start(start)!);
        return await child._process.StandardOutput.ReadLineAsync() is StampedeChild.Ready
            ? child
            : throw new InvalidOperationException($"A process of the stampede ({peer}) did not become ready.");
    }

    public Task GoAsync(string topic) => _process.StandardInput.WriteLineAsync(topic);

    /// <summary>Waits for the process's figures.</summary>
    public async Task<(int Loads, int Answers, int Milliseconds)> EndAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("A process of the stampede failed.");
        await _process.WaitForExitAsync();
        var figures = Array.ConvertAll(line.Split(' '), part => int.Parse(part, CultureInfo.InvariantCulture));
        return (figures[0], figures[1], figures[2]);
    }

    public void Dispose() => _process.Dispose();
}

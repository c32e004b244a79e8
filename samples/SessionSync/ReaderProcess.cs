using System.Diagnostics;

namespace SessionSync;

/// <summary>The reading session as a process, which is killed in the end, as a crash would.</summary>
internal sealed class ReaderProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private ReaderProcess(Process process) => _process = process;

    public static ReaderProcess Start(string connection, string cursorFile, Action<string> take)
    {
        // "dotnet run" starts the program itself, and "dotnet SessionSync.dll" the one named dotnet.
        var program = Environment.ProcessPath!;
        string[] self = Path.GetFileNameWithoutExtension(program) is "dotnet" ? [typeof(ReaderProcess).Assembly.Location] : [];
        var start = new ProcessStartInfo(program, [.. self, ReadingSession.Verb, cursorFile]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment[ReadingSession.ConnectionVariable] = connection;
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is not null)
            {
                take(line.Data);
            }
        };
        _ = process.Start();
        process.BeginOutputReadLine();
        return new ReaderProcess(process);
    }

    /// <summary>Waits for what the reader is to have done.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"The reader ended with {_process.ExitCode}.");
            }

            await Task.Delay(50, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

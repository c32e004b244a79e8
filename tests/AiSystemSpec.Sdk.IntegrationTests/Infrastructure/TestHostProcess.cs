using System.Diagnostics;
using System.Globalization;

namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>Another process, to be killed: the project AiSystemSpec.Sdk.TestHost.</summary>
internal sealed class TestHostProcess : IAsyncDisposable
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private TestHostProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Starts a verb and waits until it says READY.</summary>
    /// <param name="environment">Variables to set, or to remove where the value is null.</param>
    /// <param name="arguments">The verb and its arguments.</param>
    public static Task<TestHostProcess> StartAsync(IDictionary<string, string?> environment, params string[] arguments) =>
        StartAsync(environment, "dotnet", [Library, .. arguments]);

    /// <summary>The same with no more than so many open files.</summary>
    public static Task<TestHostProcess> StartWithFewFilesAsync(
        int files, IDictionary<string, string?> environment, params string[] arguments) =>
        StartAsync(environment, "sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"ulimit -n {files} && exec dotnet \"$@\""), "sh", Library, .. arguments]);

    private static string Library => Path.Combine(AppContext.BaseDirectory, "AiSystemSpec.Sdk.TestHost.dll");

    private static async Task<TestHostProcess> StartAsync(IDictionary<string, string?> environment, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var host = new TestHostProcess(Process.Start(start)!);
        Assert.Equal("READY", await host.ReadLineAsync());
        return host;
    }

    public Task<string> ReadLineAsync() => ReadLineAsync(ReadyTimeout);

    public async Task<string> ReadLineAsync(TimeSpan timeout) =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(timeout) ?? throw new InvalidOperationException("The host ended without a word.");

    public Task WriteLineAsync(string line) => _process.StandardInput.WriteLineAsync(line);

    /// <summary>A host that reads lines ends with them.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>What the host says until it ends.</summary>
    public Task<string> ReadToEndAsync() => _process.StandardOutput.ReadToEndAsync();

    /// <summary>kill -9: nothing of the host's own code runs any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public Task WaitForExitAsync() => _process.WaitForExitAsync().WaitAsync(ReadyTimeout);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }
}

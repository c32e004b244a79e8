using System.Globalization;
using AiSystemSpec.Sdk.Cli.Terminal;

namespace AiSystemSpec.Sdk.Cli.Output;

/// <summary>How far an export or an import has come, on one line of a terminal; nothing in a pipe.</summary>
internal sealed class TransferLine(CliHost host, TimeProvider timeProvider) : IProgress<TransferProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private long _written;

    public void Report(TransferProgress value)
    {
        lock (_lock)
        {
            if (!host.IsTerminal || (host.HasOpenLine && timeProvider.GetElapsedTime(_written) < Interval))
            {
                return;
            }

            _written = timeProvider.GetTimestamp();
            var line = string.Create(CultureInfo.InvariantCulture, $"  {value.Rows:N0} rows, {value.Bytes / 1e6:N1} MB");
            host.Error.WriteOwn($"\r{DisplayWidth.Cut(line, host.ProgressWidth - 1)}");
            host.HasOpenLine = true;
        }
    }

    /// <summary>Takes the line away.</summary>
    public void End()
    {
        if (host.HasOpenLine)
        {
            host.Error.WriteOwn($"\r{new string(' ', host.ProgressWidth - 1)}\r");
            host.HasOpenLine = false;
        }
    }
}

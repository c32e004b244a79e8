using System.Globalization;
using AiSystemSpec.Sdk.Cli.Terminal;
using AiSystemSpec.Sdk.Migrations;

namespace AiSystemSpec.Sdk.Cli.Output;

/// <summary>
/// Says what is going on, a line a step: what is made, its state, for how long and how far. On a terminal the line is written anew while
/// the step runs; in a pipe it comes when the step has ended, and every half minute before. With the SQL where that is asked for.
/// </summary>
internal sealed class ProgressLines(CliHost host, bool isVerbose, TimeProvider timeProvider) : IProgress<MigrationProgress>, IProgress<MigrationActivity>
{
    private const string Indent = "  ";

    private static readonly TimeSpan PipeInterval = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly long _begun = timeProvider.GetTimestamp();
    private List<string>? _transaction;
    private string? _step;
    private string? _waitedFor;
    private long _stepBegun;
    private long _lastLine;

    /// <summary>Gets for how long it has gone on.</summary>
    public string Elapsed => Seconds(timeProvider.GetElapsedTime(_begun));

    public void Report(MigrationProgress value)
    {
        lock (_lock)
        {
            if (value.WaitedFor is { } blocker)
            {
                WriteLine($"{_step ?? value.MigrationId}: try {value.Attempt} in a moment, after waiting for {blocker}");
                return;
            }

            EndStep("done");
            if (isVerbose)
            {
                WriteLine($"[{value.Step}/{value.Steps}] {value.MigrationId}: {value.Sql.ReplaceLineEndings($"\n{Indent}    ")}");
            }

            Take(value);
        }
    }

    public void Report(MigrationActivity value)
    {
        lock (_lock)
        {
            if (_step is null)
            {
                return;
            }

            if (value.WaitedFor is not null && !string.Equals(value.WaitedFor, _waitedFor, StringComparison.Ordinal))
            {
                _waitedFor = value.WaitedFor;
                WriteLine($"{_step}: waits for {value.WaitedFor}");
            }

            var percent = value.Percent is { } part ? string.Create(CultureInfo.InvariantCulture, $", {part:0} %") : "";
            var state = value.WaitedFor is not null ? "waiting" : value.Phase ?? "running";
            WriteState($"{state}{percent}, {Seconds(timeProvider.GetElapsedTime(_stepBegun))}");
        }
    }

    /// <summary>Ends the last step.</summary>
    public void End(bool isDone)
    {
        lock (_lock)
        {
            EndStep(isDone ? "done" : "failed");
        }
    }

    // The statements of a transaction are told before the first of them runs; what runs is the whole of it.
    private void Take(MigrationProgress value)
    {
        if (value.Sql.StartsWith("BEGIN", StringComparison.Ordinal))
        {
            _transaction = [];
        }
        else if (_transaction is null)
        {
            Begin(StepTitle.Of(value.Sql));
        }
        else if (value.Sql is "COMMIT;")
        {
            Begin(StepTitle.OfTransaction(value.MigrationId, _transaction));
            _transaction = null;
        }
        else
        {
            _transaction.Add(value.Sql);
        }
    }

    private void Begin(string? step)
    {
        (_step, _waitedFor) = (step, null);
        _stepBegun = _lastLine = timeProvider.GetTimestamp();
        if (step is not null && host.IsTerminal)
        {
            WriteState("running");
        }
    }

    private void EndStep(string state)
    {
        if (_step is null)
        {
            return;
        }

        WriteLine($"{_step}: {state}, {Seconds(timeProvider.GetElapsedTime(_stepBegun))}");
        _step = null;
    }

    private void WriteState(string state)
    {
        var line = $"{Indent}{_step}: {state}";
        if (host.IsTerminal)
        {
            host.Error.WriteOwn($"\r{Fit(line)}");
            host.HasOpenLine = true;
        }
        else if (timeProvider.GetElapsedTime(_lastLine) >= PipeInterval)
        {
            _lastLine = timeProvider.GetTimestamp();
            host.Error.WriteLine(VisibleText.OneLine(line));
        }
    }

    private void WriteLine(string text)
    {
        var line = Indent + VisibleText.Lines(text);
        if (host.HasOpenLine)
        {
            host.Error.WriteOwn($"\r{new string(' ', host.ProgressWidth - 1)}\r");
            host.HasOpenLine = false;
        }

        host.Error.WriteLine(line);
    }

    // One column less than there are: some terminals go to the next line at the last.
    private string Fit(string line)
    {
        var cut = DisplayWidth.Cut(VisibleText.OneLine(line), host.ProgressWidth - 1);
        return cut + new string(' ', Math.Max(0, host.ProgressWidth - 1 - DisplayWidth.Of(cut)));
    }

    private static string Seconds(TimeSpan time) => time < TimeSpan.FromMinutes(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds} s");
}

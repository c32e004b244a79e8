using AiSystemSpec.Sdk.Cli.Terminal;
using AiSystemSpec.Sdk.Migrations;

namespace AiSystemSpec.Sdk.Cli.Output;

/// <summary>Says what is going on: on a terminal in one line, in a pipe in plain lines.</summary>
internal sealed class ProgressLines(CliHost host) : IProgress<MigrationProgress>
{
    private const int Width = 100;

    public void Report(MigrationProgress value)
    {
        var firstLine = value.Sql.Split('\n', 2)[0];
        if (value.WaitedFor is { } blocker)
        {
            host.Error.WriteLine($"{(host.HasOpenLine ? "\n" : "")}[{value.Step}/{value.Steps}] {value.MigrationId}: try {value.Attempt} in a moment, after waiting for {blocker}");
            host.HasOpenLine = false;
            return;
        }

        var text = $"[{value.Step}/{value.Steps}] {value.MigrationId}: {firstLine}";
        text = text.Length <= Width ? text : $"{text[..(Width - 1)]}…";
        if (host.IsTerminal)
        {
            host.Error.WriteOwn($"\r{text.PadRight(Width)}{(value.Step == value.Steps ? "\n" : "")}");
            host.HasOpenLine = value.Step != value.Steps;
        }
        else
        {
            host.Error.WriteLine(text);
        }
    }
}

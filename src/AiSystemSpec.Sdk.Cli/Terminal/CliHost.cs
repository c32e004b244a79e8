namespace AiSystemSpec.Sdk.Cli.Terminal;

/// <summary>What the tool has of its process, so that tests can give it another.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Progress and errors, so that a pipe gets results only.</param>
/// <param name="IsTerminal">Whether progress may overwrite its line.</param>
/// <param name="ReadVariable">Reads an environment variable.</param>
internal sealed record CliHost(TextWriter Out, TextWriter Error, bool IsTerminal, Func<string, string?> ReadVariable)
{
    /// <summary>Whether progress stands on a line of a terminal that has not ended.</summary>
    public bool HasOpenLine { get; set; }

    public static CliHost OfProcess() =>
        new(Console.Out, Console.Error, !Console.IsErrorRedirected, Environment.GetEnvironmentVariable);
}

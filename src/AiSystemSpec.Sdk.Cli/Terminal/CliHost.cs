namespace AiSystemSpec.Sdk.Cli.Terminal;

/// <summary>What the tool has of its process, so that tests can give it another.</summary>
internal sealed class CliHost(TextWriter output, TextWriter error, Func<string, string?> readVariable)
{
    /// <summary>The narrowest that output is made for; a terminal that is narrower breaks the lines.</summary>
    public const int NarrowestWidth = 40;

    /// <summary>Gets where results go.</summary>
    public SafeWriter Out { get; } = new(output);

    /// <summary>Gets where progress and errors go, so that a pipe gets results only.</summary>
    public SafeWriter Error { get; } = new(error);

    /// <summary>Gets how an environment variable is read.</summary>
    public Func<string, string?> ReadVariable { get; } = readVariable;

    /// <summary>Gets how standard output is opened for what is written byte by byte.</summary>
    public Func<Stream> OpenOutput { get; init; } = Console.OpenStandardOutput;

    /// <summary>Gets how standard input is opened.</summary>
    public Func<Stream> OpenInput { get; init; } = Console.OpenStandardInput;

    /// <summary>Gets whether progress may overwrite its line: standard error is a terminal.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>Gets the columns of the terminal that results go to; null in a pipe, where lines are as long as they need be.</summary>
    public int? Width { get; init; }

    /// <summary>Gets the columns for progress, where <see cref="IsTerminal"/>.</summary>
    public int ProgressWidth { get; init; } = 80;

    /// <summary>Gets whether results may be coloured: they go to a terminal, and NO_COLOR (https://no-color.org) is not set.</summary>
    public bool IsColored => Width is not null && string.IsNullOrEmpty(ReadVariable("NO_COLOR")) && ReadVariable("TERM") is not "dumb";

    /// <summary>Gets or sets whether progress stands on a line of a terminal that has not ended.</summary>
    public bool HasOpenLine { get; set; }

    public static CliHost OfProcess() => new(Console.Out, Console.Error, Environment.GetEnvironmentVariable)
    {
        IsTerminal = !Console.IsErrorRedirected,
        Width = Console.IsOutputRedirected ? null : WindowWidth(),
        ProgressWidth = Console.IsErrorRedirected ? 80 : WindowWidth(),
    };

    // Some terminals do not know; those of containers say 0.
    private static int WindowWidth()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? Math.Max(width, NarrowestWidth) : 80;
        }
        catch (IOException)
        {
            return 80;
        }
    }
}

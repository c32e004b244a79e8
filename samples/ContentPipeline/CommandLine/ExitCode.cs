namespace ContentPipeline.CommandLine;

/// <summary>What the program tells a shell.</summary>
internal static class ExitCode
{
    /// <summary>Every run succeeded.</summary>
    public const int Done = 0;

    /// <summary>A run failed, or the pipeline could not start.</summary>
    public const int Failed = 1;

    /// <summary>The command line cannot be served.</summary>
    public const int Usage = 2;

    /// <summary>Ctrl+C.</summary>
    public const int Cancelled = 130;
}

namespace ContentPipeline.CommandLine;

/// <summary>What was asked for on the command line.</summary>
internal sealed record PipelineOptions
{
    public const string Help =
        """
        Runs a content pipeline over a folder: research, script, QA checks, and a publishable file for each document.

        Usage: ContentPipeline [options]

          --input DIR          the folder of documents (*.md, *.txt) and artifacts (<id>_<kind>.json); by default those of the sample
          --output DIR         where the publishable files go; by default a new folder in the temp folder
          --connection TEXT    the database, which is migrated; by default a throw-away server
          --passes N           how often to run over the input; by default 2, and 1 with --connection
          --price USD          what a million tokens cost at the endpoint; by default the cost is not stated
          --help               this text

        OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_MODEL, all set, choose an OpenAI-compatible endpoint for the research;
        else an offline summariser picks the documents' own key sentences.
        Exit code: 0 all runs succeeded, 1 a run failed or the pipeline could not start, 2 wrong usage.
        """;

    private const int DefaultPasses = 2;

    private int? _passes;

    public string Input { get; init; } = Path.Combine(AppContext.BaseDirectory, "Documents");

    public string? Output { get; init; }

    public string? Connection { get; init; }

    /// <summary>A second pass shows the hits. On a database that stays, the next start is the second pass.</summary>
    public int Passes { get => _passes ?? (Connection is null ? DefaultPasses : 1); init => _passes = value; }

    public decimal? UsdPerMillionTokens { get; init; }

    public bool ShowHelp { get; init; }
}

namespace AiSystemSpec.Sdk;

/// <summary>What a purge deleted, or would delete.</summary>
public sealed record RetentionResult
{
    /// <summary>Gets how many rows of research.</summary>
    public long ResearchRows { get; init; }

    /// <summary>Gets how many system events, which stand in the table of research too.</summary>
    public long SystemEventRows { get; init; }

    /// <summary>Gets how many scripts.</summary>
    public long ScriptRows { get; init; }

    /// <summary>Gets how many rows of run logs.</summary>
    public long RunRows { get; init; }

    /// <summary>Gets how many rows in all.</summary>
    public long TotalRows => ResearchRows + SystemEventRows + ScriptRows + RunRows;

    /// <summary>
    /// Gets what was left although a rule would have deleted it, by table and reason; empty for a dry run, which cannot know.
    /// </summary>
    /// <remarks>Such rows are not tried again until the next purge.</remarks>
    public IReadOnlyList<SkippedRows> Skipped { get; init; } = [];

    /// <summary>Gets how many transactions deleted them; zero for a dry run.</summary>
    public int Batches { get; init; }

    /// <summary>Gets whether the rows were only counted.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>Gets whether another purge, mostly another host's, was under way, so that this one did nothing.</summary>
    public bool IsAnotherPurgeRunning { get; init; }
}

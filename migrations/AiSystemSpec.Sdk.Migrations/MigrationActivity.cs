namespace AiSystemSpec.Sdk.Migrations;

/// <summary>What was seen of a step that is under way: half a second after it began, and every half second from then on.</summary>
public sealed class MigrationActivity
{
    /// <summary>Gets what the server does for the index that is built, in its own words (<c>pg_stat_progress_create_index</c>).</summary>
    /// <value><see langword="null"/> where none is built.</value>
    public string? Phase { get; init; }

    /// <summary>Gets how much of <see cref="Phase"/> is done, from 0 to 100.</summary>
    /// <value><see langword="null"/> where the server does not say.</value>
    public double? Percent { get; init; }

    /// <summary>Gets whose lock the step waits for at this moment, and what to do about it.</summary>
    /// <value><see langword="null"/> where it waits for nobody.</value>
    public string? WaitedFor { get; init; }
}

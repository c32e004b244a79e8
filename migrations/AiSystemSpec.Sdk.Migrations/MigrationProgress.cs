namespace AiSystemSpec.Sdk.Migrations;

/// <summary>One statement that is about to run.</summary>
public sealed record MigrationProgress
{
    /// <summary>Gets the migration that it belongs to; where it belongs to none, what it is for, such as a grant.</summary>
    public required string MigrationId { get; init; }

    /// <summary>Gets its number in the run, from 1.</summary>
    public required int Step { get; init; }

    /// <summary>Gets how many there are in the run.</summary>
    public required int Steps { get; init; }

    /// <summary>Gets the statement.</summary>
    public required string Sql { get; init; }

    /// <summary>
    /// Gets which try it is, from 1: where another session's lock stood in the way, what failed is tried again after a pause.
    /// </summary>
    public int Attempt { get; init; } = 1;

    /// <summary>Gets whose lock the last try waited for, where <see cref="Attempt"/> is more than 1.</summary>
    public string? WaitedFor { get; init; }
}

namespace AiSystemSpec.Sdk.Migrations;

/// <summary>One statement that is about to run.</summary>
/// <param name="MigrationId">The migration that it belongs to; where it belongs to none, what it is for, such as a grant.</param>
/// <param name="Step">Its number in the run, from 1.</param>
/// <param name="Steps">How many there are in the run.</param>
/// <param name="Sql">The statement.</param>
public sealed record MigrationProgress(string MigrationId, int Step, int Steps, string Sql)
{
    /// <summary>Gets which try it is, from 1: where another session's lock stood in the way, what failed is tried again after a pause.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>Gets whose lock the last try waited for, where <see cref="Attempt"/> is more than 1.</summary>
    public string? WaitedFor { get; init; }
}

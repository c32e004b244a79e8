using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Persistence;
using AiSystemSpec.Sdk.Runs;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace AiSystemSpec.Sdk.Diagnostics;

/// <summary>Asks whether the database answers and has the three tables, and whether run rows are lost or waiting.</summary>
internal sealed class DatabaseHealthCheck(Database database, RunLogger runs) : IHealthCheck
{
    private const string MissingTablesSql =
        $"""
        SELECT pg_catalog.string_agg(wanted.name, ', ')
        FROM pg_catalog.unnest(ARRAY['{Schema.ResearchCache}', '{Schema.Scripts}', '{Schema.PipelineRuns}']) AS wanted (name)
        WHERE pg_catalog.to_regclass('{Schema.Name}.' || wanted.name) IS NULL
        """;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        string? missing;
        try
        {
            missing = await FindMissingTablesAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException exception)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "The database does not answer.", exception);
        }

        if (missing is not null)
        {
            return new HealthCheckResult(
                context.Registration.FailureStatus, $"The database lacks {missing}. Apply the migrations of AiSystemSpec.Sdk.Migrations.");
        }

        if (runs.State.HasLostLately)
        {
            return HealthCheckResult.Degraded($"Run rows were lost within the last minute; {runs.State.Lost} since the process began.");
        }

        return runs.State.Problem == RunLogProblem.None ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(Describe(runs.State.Problem), runs.State.Error);
    }

    private static string Describe(RunLogProblem problem) => problem switch
    {
        RunLogProblem.Unreachable => "Run rows wait: the last attempt to write them did not reach the database.",
        RunLogProblem.Refused => "Run rows wait: the database answers, and takes none of them. Look whether the role may insert into pipeline_runs, and whether the disk has room.",
        _ => "Run rows wait: writing them meets an error that is not the database's.",
    };

    // One try, no retries: a health check that waits is no help.
    private async Task<string?> FindMissingTablesAsync(CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            using var command = database.CreateCommand(connection, MissingTablesSql);
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) as string;
        }
    }
}

using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Connections.Opening;
using AiSystemSpec.Sdk.Runs;
using AiSystemSpec.Sdk.Runs.Queue;
using AiSystemSpec.Sdk.Specification;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace AiSystemSpec.Sdk.DependencyInjection;

/// <summary>
/// Asks whether the database answers, has the three tables and lets this role read and write them; and whether run rows are lost or
/// waiting.
/// </summary>
internal sealed class DatabaseHealthCheck(Database database, RunLogger runs) : IHealthCheck
{
    private static readonly string[] Needed = [TableRights.Select, TableRights.Insert];

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        TableAccess access;
        try
        {
            access = await TableAccess.ReadAsync(database, cancellationToken).ConfigureAwait(false); // one try, no retries: a health check that waits is no help
        }
        catch (NpgsqlException exception)
        {
            var sentence = ConnectionErrors.Describe(exception, new NpgsqlConnectionStringBuilder(database.DataSource.ConnectionString));
            return new HealthCheckResult(context.Registration.FailureStatus, sentence, exception);
        }
        catch (InvalidOperationException exception)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, exception.Message, exception); // a data source that the services cannot work with
        }

        return FindFault(access) is { } fault ? new HealthCheckResult(context.Registration.FailureStatus, fault)
            : FindShortfall(access) is { } shortfall ? HealthCheckResult.Degraded(shortfall, runs.State.Error)
            : HealthCheckResult.Healthy(DescribeSpool(runs.State));
    }

    /// <summary>What keeps the services from their work.</summary>
    private static string? FindFault(TableAccess access) =>
        access.DescribeMissingTables()
        ?? access.DescribeMissingColumns()
        ?? (access.Tables.Any(table => table.IsUnreadable || (table.IsUnwritable && !IsOfRuns(table))) ? access.DescribeMissingRights(Needed) : null);

    /// <summary>What the services go on without: the run log, or writing altogether, while everything can be read.</summary>
    private string? FindShortfall(TableAccess access) =>
        access.Tables.Any(table => table.IsUnwritable) ? $"The run log cannot be written. {access.DescribeMissingRights(Needed)}"
        : access.IsReadOnly ? $"The database takes only reads from the role {access.Role}."
        : runs.State.HasLostLately ? $"Run rows were lost within the last minute; {runs.State.Lost} since the process began."
        : Describe(runs.State.Problem);

    /// <summary>What waits for an operator and stops nothing.</summary>
    private static string? DescribeSpool(RunLogState state) => state.SpoolFoldersLeftAlone == 0
        ? null
        : $"{state.SpoolFoldersLeftAlone} folders of the spool are left alone: another database's, another version's, or not readable. See aispec spool list.";

    private static string? Describe(RunLogProblem problem) => problem switch
    {
        RunLogProblem.None => null,
        RunLogProblem.Unreachable => "Run rows wait: the last attempt to write them did not reach the database.",
        RunLogProblem.Refused => "Run rows wait: the database answers, and takes none of them. Look whether the role may insert into pipeline_runs, and whether the disk has room.",
        _ => "Run rows wait: writing them meets an error that is not the database's.",
    };

    private static bool IsOfRuns(TableRights table) => string.Equals(table.Name, Schema.PipelineRuns, StringComparison.Ordinal);
}

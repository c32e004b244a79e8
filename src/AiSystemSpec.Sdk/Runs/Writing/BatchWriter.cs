using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Runs.Formatting;
using AiSystemSpec.Sdk.Runs.Queue;
using AiSystemSpec.Sdk.Wire;
using Npgsql;

namespace AiSystemSpec.Sdk.Runs.Writing;

/// <summary>Writes batches of background rows, each in one session.</summary>
internal sealed class BatchWriter(Database database, RunTable table, DatabaseClock clock, RunLogState state, RowVerdict verdict)
{
    private readonly BatchBound _bound = new();
    private volatile bool _isAnswering;

    /// <summary>Gets whether the database has answered in the attempt that is under way: it is slow then, not away.</summary>
    public bool IsAnswering => _isAnswering;

    /// <summary>Gets whether the database has ever answered.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>Writes the rows, as many as go in. The call may be repeated with those that are not dealt with.</summary>
    public async Task<BatchResult> WriteAsync(IReadOnlyList<StoredRow> rows, CancellationToken cancellationToken)
    {
        var result = await TryAsync(rows, cancellationToken).ConfigureAwait(false);
        return result is { Problem: RunLogProblem.Refused, Exception: PostgresException refused }
            && await AccessErrors.ExplainAsync(database, refused, cancellationToken).ConfigureAwait(false) is { } explained
            ? result with { Exception = explained }
            : result;
    }

    private async Task<BatchResult> TryAsync(IReadOnlyList<StoredRow> rows, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                StandbyConfirmation.Watch(connection);
                var isSecured = await LookAsync(connection, cancellationToken).ConfigureAwait(false);
                foreach (var row in rows)
                {
                    row.CreatedAt ??= row.GivenCreatedAt ?? clock.Map(row);
                }

                return await new WriteRound(connection, isSecured, table, _bound, state, verdict).RunAsync(rows, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (NpgsqlException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new BatchResult(RunLogProblem.Unreachable, exception); // of the connection: a round keeps its errors
        }
        finally
        {
            _isAnswering = false;
        }
    }

    /// <summary>Sets a row aside that would wait for ever for another to tell whose fault it is.</summary>
    public void GiveUp(StoredRow row, Exception exception) => verdict.SetAside(row, exception, FailureKind.Answered);

    /// <summary>
    /// Reads the database's clock, and whether row level security applies: both may change at any time, and cost one round trip together.
    /// </summary>
    private async Task<bool> LookAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var command = database.CreateCommand(connection, RunSql.Look);
        var before = clock.Now;
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            _ = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            clock.Note(before, reader.GetMoment(0).UtcTicks);
            _isAnswering = HasAnswered = true;
            return reader.GetBoolean(1);
        }
    }
}

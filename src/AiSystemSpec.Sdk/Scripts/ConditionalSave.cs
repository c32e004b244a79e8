using System.Data;
using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Connections.AdvisoryLocks;
using AiSystemSpec.Sdk.Scripts.Search;
using AiSystemSpec.Sdk.Specification;
using AiSystemSpec.Sdk.Wire;
using Npgsql;
using static AiSystemSpec.Sdk.Specification.Schema;

namespace AiSystemSpec.Sdk.Scripts;

/// <summary>
/// Saves a script unless the newest one has its content. All who do so on a database take turns, so that two of them who have the same content
/// save it once. The lock is the transaction's, which every pooler passes on.
/// </summary>
internal static class ConditionalSave
{
    private const string Lock = "SELECT pg_catalog.pg_advisory_xact_lock($1)";

    // The clock, and not the transaction's start: whoever waited for its turn began before the one whose script is the newest now.
    private const string Insert =
        $"""
        INSERT INTO {Schema.Name}.{Schema.Scripts} ({Columns.Id}, {Columns.Content}, {Columns.CreatedAt})
        VALUES ($1, $2, pg_catalog.clock_timestamp())
        ON CONFLICT DO NOTHING
        RETURNING {Columns.CreatedAt}
        """;

    public static async Task<SaveScriptResult> SaveAsync(
        Database database, string content, ScriptCondition among, CancellationToken cancellationToken)
    {
        var script = new Script { Id = Guid.CreateVersion7(), Content = content };
        return await database.ExecuteAsync(
            static async (connection, state, token) =>
            {
                // Each statement sees what was committed before its own begin, and so, behind the lock, what the one before has saved.
                var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, token).ConfigureAwait(false);
                await using (transaction.ConfigureAwait(false))
                {
                    var result = await SaveAsync(state.database, connection, state.script, state.among, token).ConfigureAwait(false);
                    await transaction.CommitAsync(token).ConfigureAwait(false);
                    return result;
                }
            },
            (database, script, among),
            cancellationToken).ConfigureAwait(false);
    }

    private static async Task<SaveScriptResult> SaveAsync(
        Database database, NpgsqlConnection connection, Script script, ScriptCondition among, CancellationToken cancellationToken)
    {
        using (var turn = database.CreateCommand(connection, Lock))
        {
            turn.Parameters.Add(PgParameter.Bigint(LockKeys.ScriptHistory));
            _ = await turn.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }

        var newest = await ScriptSearch.FindNewestAsync(
            after => new ScriptSearch(database, connection, among).TakeAsync(after, count: 1, cancellationToken)).ConfigureAwait(false);
        if (newest is not null && string.Equals(newest.Content, script.Content, StringComparison.Ordinal))
        {
            return new SaveScriptResult { Script = newest, Saved = newest.Id == script.Id }; // its own, where only the acknowledgement was lost
        }

        using var insert = database.CreateCommand(connection, Insert);
        insert.Parameters.Add(PgParameter.Uuid(script.Id));
        insert.Parameters.Add(PgParameter.Text(script.Content));
        var (isFound, createdAt) = await insert.ReadMomentAsync(cancellationToken).ConfigureAwait(false);
        if (!isFound)
        {
            (isFound, createdAt) = await SavedScript.FindAsync(database, connection, script.Id, cancellationToken).ConfigureAwait(false);
        }

        script.CreatedAt = isFound ? createdAt : throw SavedScript.Refused();
        return new SaveScriptResult { Script = script, Saved = true };
    }
}

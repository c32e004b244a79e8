using AiSystemSpec.Sdk.Migrations.Connections;
using AiSystemSpec.Sdk.Migrations.Statements;
using Npgsql;

namespace AiSystemSpec.Sdk.Migrations.Verification;

/// <summary>Asks about rows, read-only and for a bounded time, inside a transaction that goes on whatever the answer is.</summary>
internal sealed class Probe(Session session, CancellationToken cancellationToken)
{
    /// <summary>How long one question may take: a table may be large, and whoever verifies wants an answer.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Gets the server's major version.</summary>
    public int ServerVersion => session.Connection.PostgreSqlVersion.Major;

    /// <summary>Asks a question.</summary>
    /// <returns>The answer; null where it is not known: it took too long, the role may not ask, or the server cannot say.</returns>
    public async Task<bool?> IsTrueAsync(string sql)
    {
        var (rows, error) = await ReadAsync(sql, reader => reader.GetBoolean(0)).ConfigureAwait(false);
        return error is null ? rows[0] : null;
    }

    /// <summary>Asks whether an expression has a value for every row.</summary>
    public async Task<bool?> HasValueForEachRowAsync(string expression, string table)
    {
        var (_, error) = await ReadAsync($"SELECT pg_catalog.count({expression}) FROM {table}", reader => reader.GetInt64(0)).ConfigureAwait(false);
        return error is null ? true : IsLimit(error) || error.SqlState is PostgresErrorCodes.InsufficientPrivilege ? null : false;
    }

    /// <summary>Reads rows, under settings that end with the question.</summary>
    /// <returns>The rows, or the error of the server.</returns>
    public async Task<(List<T> Rows, PostgresException? Error)> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params IEnumerable<string> settings)
    {
        await session.ExecuteAsync("SAVEPOINT probe", cancellationToken).ConfigureAwait(false);
        try
        {
            await session.ExecuteAsync($"SET LOCAL statement_timeout = {RunUnit.Milliseconds(Limit)}", cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync("SET LOCAL transaction_read_only = on", cancellationToken).ConfigureAwait(false);
            foreach (var setting in settings)
            {
                await session.ExecuteAsync(setting, cancellationToken).ConfigureAwait(false);
            }

            return (await session.QueryAsync(sql, read, cancellationToken).ConfigureAwait(false), null);
        }
        catch (PostgresException exception)
        {
            return ([], exception);
        }
        finally
        {
            await session.ExecuteAsync("ROLLBACK TO SAVEPOINT probe", cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync("RELEASE SAVEPOINT probe", cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether it is the time limit that ended a question.</summary>
    public static bool IsLimit(PostgresException error) => error.SqlState is PostgresErrorCodes.QueryCanceled;
}

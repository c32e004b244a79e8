using AiSystemSpec.Sdk.Connections.Opening;
using AiSystemSpec.Sdk.Migrations.Statements;
using Npgsql;

namespace AiSystemSpec.Sdk.Migrations.Connections;

/// <summary>One open connection of an operation. Every error leaves it as a sentence for operators.</summary>
internal sealed class Session : IAsyncDisposable
{
    private Session(NpgsqlConnection connection) => Connection = connection;

    public NpgsqlConnection Connection { get; }

    public static async Task<Session> OpenAsync(ConnectionSource source, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await source.OpenAsync(cancellationToken).ConfigureAwait(false);
            if (ServerVersion.DescribeIfTooOld(connection.PostgreSqlVersion) is { } sentence)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
                throw MigrationException.Refused(sentence);
            }

            return new Session(connection);
        }
        catch (Exception exception) when (exception is NpgsqlException || ConnectionErrors.IsOne(exception))
        {
            throw OperatorErrors.CannotConnect(exception, source.DataSource.ConnectionString);
        }
    }

    /// <summary>Runs a statement as it is, however long it takes.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(sql, Connection) { CommandTimeout = 0 };
        await using (command.ConfigureAwait(false))
        {
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Runs statements in one transaction that is taken back when one fails.</summary>
    public async Task ExecuteAllAsync(IEnumerable<string> statements, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var sql in statements)
            {
                await ExecuteAsync(sql, cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            await TryRollbackAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task<List<T>> QueryAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params object[] values)
    {
        var command = new NpgsqlCommand(sql, Connection);
        await using (command.ConfigureAwait(false))
        {
            foreach (var value in values)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = value });
            }

            var rows = new List<T>();
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    rows.Add(read(reader));
                }
            }

            return rows;
        }
    }

    public async Task<T> ScalarAsync<T>(string sql, CancellationToken cancellationToken, params object[] values) =>
        (await QueryAsync(sql, reader => reader.GetFieldValue<T>(0), cancellationToken, values).ConfigureAwait(false))[0];

    /// <summary>Reads in one read-only transaction, out of reach of a hostile <c>search_path</c>, also through any pooler.</summary>
    public Task<T> ReadAsync<T>(Func<Session, Task<T>> read, CancellationToken cancellationToken) => ReadUnderLimitsAsync(
        async session =>
        {
            // A server's transaction_timeout would end the connection; each question about rows has a limit of its own.
            await ExecuteAsync(TimeLimits.LiftInTransaction, cancellationToken).ConfigureAwait(false);
            return await read(session).ConfigureAwait(false);
        },
        cancellationToken);

    /// <summary>Reads as <see cref="ReadAsync"/> does, with the time limits in force: for who asks what they are.</summary>
    public async Task<T> ReadUnderLimitsAsync<T>(Func<Session, Task<T>> read, CancellationToken cancellationToken)
    {
        await ExecuteAsync("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", cancellationToken).ConfigureAwait(false);
        try
        {
            await ExecuteAsync(SearchPath.Pin, cancellationToken).ConfigureAwait(false);
            await ExecuteAsync(PlainPrinting.Set, cancellationToken).ConfigureAwait(false);
            // Printing an index waits for whoever alters its table.
            await ExecuteAsync($"SET LOCAL lock_timeout = {RunUnit.Milliseconds(MigrateOptions.DefaultLockTimeout)}", cancellationToken).ConfigureAwait(false);
            return await read(this).ConfigureAwait(false);
        }
        finally
        {
            await TryRollbackAsync().ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => Connection.DisposeAsync();

    public Task TryRollbackAsync() => TryAsync("ROLLBACK");

    /// <summary>Takes back the settings after an error: the services' pool may hand the connection to anyone next.</summary>
    public async Task TryResetLimitsAsync()
    {
        await TryAsync(RunUnit.ResetLockTimeout).ConfigureAwait(false);
        await TryAsync(TimeLimits.Restore).ConfigureAwait(false);
    }

    private async Task TryAsync(string sql)
    {
        try
        {
            await ExecuteAsync(sql, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            // The connection is broken, and its transaction and settings with it.
        }
    }
}

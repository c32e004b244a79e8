using System.Data;
using AiSystemSpec.Sdk.Migrations.Statements;
using Npgsql;

namespace AiSystemSpec.Sdk.Migrations.EntityFramework;

/// <summary>
/// The time limits of EF's own connection, lifted while it migrates; directly only, since behind a pooler the setting could reach another
/// client.
/// </summary>
internal sealed class LiftedLimits : IAsyncDisposable, IDisposable
{
    private readonly NpgsqlConnection? _connection;

    private LiftedLimits(NpgsqlConnection? connection) => _connection = connection;

    public static async Task<LiftedLimits> LiftAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (connection.State != ConnectionState.Open)
        {
            return new LiftedLimits(connection: null);
        }

        var pid = new NpgsqlCommand("SELECT pg_catalog.pg_backend_pid()", connection);
        await using (pid.ConfigureAwait(false))
        {
            if (await pid.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not int backend || backend != connection.ProcessID)
            {
                return new LiftedLimits(connection: null);
            }
        }

        await ExecuteAsync(connection, TimeLimits.Lift, cancellationToken).ConfigureAwait(false);
        return new LiftedLimits(connection);
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        if (_connection is not { State: ConnectionState.Open })
        {
            return;
        }

        try
        {
            await ExecuteAsync(_connection, TimeLimits.Restore, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            // The connection is broken, or in a transaction that failed, and its settings go with it.
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using (command.ConfigureAwait(false))
        {
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}

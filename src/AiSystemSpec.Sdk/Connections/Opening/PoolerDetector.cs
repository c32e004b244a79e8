using AiSystemSpec.Sdk.Connections.Settings;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections.Opening;

/// <summary>Finds a pooler by what it cannot hide: the backend that answers is not the one that the protocol named.</summary>
internal static class PoolerDetector
{
    private const int Rounds = 5;

    private const string BackendPid = "SELECT pg_catalog.pg_backend_pid()";

    /// <param name="open">Opens a second connection, if there is a pooler.</param>
    /// <param name="connection">An open connection, outside a transaction.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public static async Task<PoolerMode> DetectAsync(
        Func<CancellationToken, ValueTask<NpgsqlConnection>> open, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var first = await PidAsync(connection, cancellationToken).ConfigureAwait(false);
        if (first == connection.ProcessID)
        {
            return PoolerMode.None;
        }

        var second = await open(cancellationToken).ConfigureAwait(false);
        await using (second.ConfigureAwait(false))
        {
            for (var round = 0; round < Rounds; round++)
            {
                // Two sessions on one backend, or one session on two: neither can be in session mode.
                if (await PidAsync(second, cancellationToken).ConfigureAwait(false) == first
                    || await PidAsync(connection, cancellationToken).ConfigureAwait(false) != first)
                {
                    return PoolerMode.Transaction;
                }
            }
        }

        // A hint, where the proof fails because the pooler is busy.
        return ConnectionString.IsTransactionPort(connection.Port) ? PoolerMode.Transaction : PoolerMode.Session;
    }

    private static async Task<int> PidAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(BackendPid, connection);
        await using (command.ConfigureAwait(false))
        {
            return (int)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
        }
    }
}

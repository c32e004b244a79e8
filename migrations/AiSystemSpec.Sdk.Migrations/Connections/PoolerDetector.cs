using AiSystemSpec.Sdk.Connections;
using Npgsql;

namespace AiSystemSpec.Sdk.Migrations.Connections;

/// <summary>Finds a pooler by what it cannot hide: the backend that answers is not the one that the protocol named.</summary>
internal static class PoolerDetector
{
    /// <summary>The port of transaction mode at Supabase: a hint, where the proof fails because the pooler is busy.</summary>
    private const int TransactionPort = 6543;

    private const int Rounds = 5;

    private const string BackendPid = "SELECT pg_catalog.pg_backend_pid()";

    public static async Task<PoolerMode> DetectAsync(Database database, Session session, CancellationToken cancellationToken)
    {
        var first = await PidAsync(session, cancellationToken).ConfigureAwait(false);
        if (first == session.Connection.ProcessID)
        {
            return PoolerMode.None;
        }

        var second = await Session.OpenAsync(database, cancellationToken).ConfigureAwait(false);
        await using (second.ConfigureAwait(false))
        {
            for (var round = 0; round < Rounds; round++)
            {
                // Two sessions on one backend, or one session on two: neither can be in session mode.
                if (await PidAsync(second, cancellationToken).ConfigureAwait(false) == first
                    || await PidAsync(session, cancellationToken).ConfigureAwait(false) != first)
                {
                    return PoolerMode.Transaction;
                }
            }
        }

        var settings = new NpgsqlConnectionStringBuilder(database.DataSource.ConnectionString);
        return settings.Port == TransactionPort ? PoolerMode.Transaction : PoolerMode.Session;
    }

    private static Task<int> PidAsync(Session session, CancellationToken cancellationToken) =>
        session.ScalarAsync<int>(BackendPid, cancellationToken);
}

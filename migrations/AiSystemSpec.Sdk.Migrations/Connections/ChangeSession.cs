using AiSystemSpec.Sdk.Connections.Opening;

namespace AiSystemSpec.Sdk.Migrations.Connections;

/// <summary>What must be true of a connection before anything is changed through it.</summary>
internal static class ChangeSession
{
    /// <summary>Opens a session that may change the schema.</summary>
    /// <returns>The session, and what it goes through.</returns>
    public static async Task<(Session Session, PoolerMode Pooler)> OpenAsync(ConnectionSource source, bool allowPooler, CancellationToken cancellationToken)
    {
        var session = await Session.OpenAsync(source, cancellationToken).ConfigureAwait(false);
        try
        {
            await ThrowIfReadOnlyAsync(session, cancellationToken).ConfigureAwait(false);
            var pooler = await PoolerDetector.DetectAsync(source.OpenAsync, session.Connection, cancellationToken).ConfigureAwait(false);
            if (pooler == PoolerMode.Transaction && !allowPooler)
            {
                throw MigrationException.Refused(
                    "The connection goes through a pooler in transaction mode, where no lock timeout reaches the build of an index and a broken build is found late. "
                    + "Use a direct connection, or a pooler in session mode (at Supabase: port 5432); or allow this one with --allow-pooler (AllowPooler in the options).");
            }

            return (session, pooler);
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task ThrowIfReadOnlyAsync(Session session, CancellationToken cancellationToken)
    {
        if (await session.ScalarAsync<bool>("SELECT pg_catalog.pg_is_in_recovery()", cancellationToken).ConfigureAwait(false))
        {
            throw MigrationException.Refused("The server is a standby, which takes no changes. Connect to the primary.");
        }

        if (await session.ScalarAsync<string>("SELECT pg_catalog.current_setting('transaction_read_only')", cancellationToken).ConfigureAwait(false) is "on")
        {
            throw MigrationException.Refused("The session only takes reads (default_transaction_read_only is on). Turn it off for this role, or connect to the primary.");
        }
    }
}

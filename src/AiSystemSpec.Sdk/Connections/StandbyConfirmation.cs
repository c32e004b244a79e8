using System.Runtime.CompilerServices;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections;

/// <summary>
/// With synchronous replication, a commit waits for a standby. When that wait is cancelled, by a time limit or a caller, PostgreSQL
/// answers with success and a warning: the next failover would lose a write that was acknowledged.
/// </summary>
internal static class StandbyConfirmation
{
    /// <summary>
    /// A SQL expression that makes its transaction wait, too. What finds a row of an earlier attempt writes nothing, and would not wait for
    /// that row's confirmation.
    /// </summary>
    public const string WaitSql = "pg_catalog.pg_logical_emit_message(true, 'ai_system_spec', ''::pg_catalog.text)";

    private const string WaitingRoutine = "SyncRepWaitForLSN"; // of the warning, whose text is in the server's language

    private static readonly NoticeEventHandler OnNotice = Note;
    private static readonly ConditionalWeakTable<NpgsqlConnection, object> Unconfirmed = [];
    private static volatile bool _isAnyUnconfirmed; // spares all others the look into the table

    /// <summary>Watches what the server says on a connection that was just opened.</summary>
    public static void Watch(NpgsqlConnection connection) => connection.Notice += OnNotice;

    /// <summary>Refuses to call done what no standby confirmed.</summary>
    /// <exception cref="NpgsqlException">A commit on this connection was not confirmed.</exception>
    /// <exception cref="OperationCanceledException">The same, since the caller gave up.</exception>
    public static void ThrowIfMissing(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (_isAnyUnconfirmed && Unconfirmed.TryGetValue(connection, out _))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new NpgsqlException(
                "The primary committed the write, but no standby confirmed it within the time limit of the command: a failover now would lose it. "
                + "Start the synchronous standby, or take it out of synchronous_standby_names; and look whether the row is there before writing it again.",
                new TimeoutException());
        }
    }

    private static void Note(object sender, NpgsqlNoticeEventArgs notice)
    {
        if (string.Equals(notice.Notice.Routine, WaitingRoutine, StringComparison.Ordinal))
        {
            Unconfirmed.AddOrUpdate((NpgsqlConnection)sender, notice);
            _isAnyUnconfirmed = true;
        }
    }
}

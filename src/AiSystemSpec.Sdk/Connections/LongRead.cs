using Npgsql;

namespace AiSystemSpec.Sdk.Connections;

/// <summary>
/// One statement that reads a large table once, which may take longer than a role's limits (Supabase: two minutes). It has a limit of its
/// own. The settings end with its transaction, so that they work through every pooler.
/// </summary>
internal static class LongRead
{
    private const int LimitSeconds = 600;

    private const string Limit = "SELECT pg_catalog.set_config('statement_timeout', '600s', true)";

    private const string LiftTransactionTimeout = "pg_catalog.set_config('transaction_timeout', '0', true)";

    private const int FirstVersionWithTransactionTimeout = 17;

    /// <summary>One batch is one transaction; its second command, and its second result, is the caller's.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="more">A further <c>set_config</c>, if one is wanted.</param>
    /// <param name="command">The caller's command.</param>
    public static NpgsqlBatch CreateBatch(NpgsqlConnection connection, string? more, out NpgsqlBatchCommand command)
    {
        var hasTransactionTimeout = connection.PostgreSqlVersion.Major >= FirstVersionWithTransactionTimeout;
        string?[] settings = [Limit, more, hasTransactionTimeout ? LiftTransactionTimeout : null];
        command = new NpgsqlBatchCommand();
        return new NpgsqlBatch(connection)
        {
            BatchCommands = { new NpgsqlBatchCommand(string.Join(", ", settings.OfType<string>())), command },
            Timeout = LimitSeconds,
        };
    }
}

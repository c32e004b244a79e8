namespace AiSystemSpec.Sdk.Migrations.Statements;

/// <summary>
/// Time limits that a role, a database or a server sets on all its statements (Supabase: two minutes), lifted round work that takes as
/// long as a table is large. A concurrent index build that such a limit ends leaves an INVALID index.
/// </summary>
/// <remarks>
/// Blocks and no SET, since <c>transaction_timeout</c> came with PostgreSQL 17, and the same text is sent to every version. They return
/// no rows, and their operators are named with their schema: no <c>search_path</c> is pinned where they run outside of a transaction.
/// </remarks>
internal static class TimeLimits
{
    private const string OfStatements = "'statement_timeout', 'transaction_timeout'";

    /// <summary>The settings that can end a statement or a transaction that takes long, whatever it does.</summary>
    public static readonly string[] Names = ["statement_timeout", "transaction_timeout"];

    /// <summary>Lifts them for the session. Behind a pooler in transaction mode this would reach other clients.</summary>
    public static readonly string Lift = Set("'0'", isLocal: false, OfStatements);

    /// <summary>Gives the session back what its role and database say.</summary>
    public static readonly string Restore = Set("s.reset_val", isLocal: false, OfStatements);

    /// <summary>Lifts them until the transaction ends; right behind any pooler.</summary>
    public static readonly string LiftInTransaction = Set("'0'", isLocal: true, $"{OfStatements}, 'idle_in_transaction_session_timeout'");

    private static string Set(string value, bool isLocal, string names) => $"""
        DO $limits$
        BEGIN
          PERFORM pg_catalog.set_config(s.name, {value}, {(isLocal ? "true" : "false")}) FROM pg_catalog.pg_settings AS s
          WHERE s.name OPERATOR(pg_catalog.=) ANY (ARRAY[{names}]);
        END
        $limits$;
        """;
}

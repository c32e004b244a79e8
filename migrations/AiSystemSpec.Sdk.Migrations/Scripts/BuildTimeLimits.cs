namespace AiSystemSpec.Sdk.Migrations.Scripts;

/// <summary>
/// An index is built for as long as its table is large, and a role may have limits on time (Supabase: two minutes a statement); a build that one
/// of them ends leaves an INVALID index, again and again. Scripts lift the limits round their builds.
/// </summary>
internal static class BuildTimeLimits
{
    // There is a transaction_timeout from PostgreSQL 17 on, and a build outside of a transaction is one by itself.
    private const string OfTransactions = "FROM pg_catalog.pg_settings WHERE name = 'transaction_timeout';";

    public const string Lift = $"""
        SET statement_timeout = 0;
        SELECT pg_catalog.set_config(name, '0', false) {OfTransactions}
        """;

    public const string Restore = $"""
        RESET statement_timeout;
        SELECT pg_catalog.set_config(name, reset_val, false) {OfTransactions}
        """;
}

using AiSystemSpec.Sdk.Connections.Opening;
using AiSystemSpec.Sdk.Migrations.Connections;
using AiSystemSpec.Sdk.Migrations.EntityFramework;
using AiSystemSpec.Sdk.Migrations.Running;
using AiSystemSpec.Sdk.Migrations.Statements;
using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.Scripts;

/// <summary>What a rollback will send. What it would have to refuse, it refuses before anything is sent.</summary>
internal static class RollbackPlan
{
    private const string PresentTables = """
        SELECT c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = ANY ($2) ORDER BY 1
        """;


    /// <summary>The migrations to take back, newest first.</summary>
    public static List<MigrationScript> Choose(DatabaseState state, string? toMigration)
    {
        var catalog = MigrationCatalog.Instance;
        var unknown = (state.History ?? []).Where(row => catalog.Up.All(script => !string.Equals(script.Id, row.Id, StringComparison.Ordinal))).ToList();
        if (unknown.Count > 0)
        {
            throw MigrationException.Refused(
                $"The database has migrations that this package does not know ({string.Join(", ", unknown.Select(row => row.Id))}). Roll back with the newer package that applied them.");
        }

        var keep = toMigration is null or "0" ? -1 : catalog.IndexOf(toMigration);
        return [.. catalog.Down.Skip(keep + 1).Where(script => state.IsApplied(script.Id)).Reverse()];
    }

    public static IEnumerable<RunUnit> Make(MigrationScript script, RollbackOptions options, PoolerMode pooler)
    {
        var defaults = new MigrateOptions();
        if (script.IsTransactional)
        {
            string[] allowed = options.DropTables.Count == 0 ? [] : [$"SET LOCAL {PreexistingTables.DropSetting} = '{string.Join(',', options.DropTables)}';"];
            return [RunUnit.Transaction(script.Id, defaults.LockTimeout, [.. allowed, .. script.Statements.Select(statement => statement.Text), script.HistorySql])];
        }

        // The record goes first: a rollback that breaks off is then finished by migrating or by rolling back again.
        return
        [
            RunUnit.Transaction(script.Id, defaults.LockTimeout, script.HistorySql),
            .. RunUnit.WithLimits(script.Id, defaults.IndexLockTimeout, pooler, script.Statements.Select(statement => RunUnit.Alone(script.Id, statement.Text))),
        ];
    }

    public static void ThrowIfUnknownTable(RollbackOptions options)
    {
        if (options.DropTables.Except(Schema.Tables, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
        {
            throw new ArgumentException($"{nameof(RollbackOptions)}.{nameof(options.DropTables)} names \"{unknown}\". The tables are {string.Join(", ", Schema.Tables)}.", nameof(options));
        }
    }

    /// <summary>
    /// Asks, before the first migration is taken back, what its statements will ask: whether a table has rows, or was found by an
    /// adoption.
    /// </summary>
    /// <returns>The tables that stay.</returns>
    public static async Task<IReadOnlyList<string>> FindKeptTablesAsync(
        Session session, IReadOnlyList<MigrationScript> scripts, RollbackOptions options, CancellationToken cancellationToken)
    {
        if (!scripts.Any(script => string.Equals(script.Id, MigrationCatalog.Instance.CreateTables.Id, StringComparison.Ordinal)))
        {
            return [];
        }

        var found = await session.QueryAsync($"SELECT table_name FROM {PreexistingTables.Table}", reader => reader.GetString(0), cancellationToken).ConfigureAwait(false);
        var present = await session.QueryAsync(PresentTables, reader => reader.GetString(0), cancellationToken, Schema.Name, Schema.Tables).ConfigureAwait(false);
        List<string> filled = [];
        foreach (var table in present.Except(options.DropTables, StringComparer.Ordinal).Except(found, StringComparer.Ordinal))
        {
            if (await session.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM {Schema.Name}.{table})", cancellationToken).ConfigureAwait(false))
            {
                filled.Add(table);
            }
        }

        if (filled.Count > 0)
        {
            throw MigrationException.Refused(
                $"The rollback would drop {string.Join(" and ", filled.Select(table => $"{Schema.Name}.{table}"))}, which {(filled.Count == 1 ? "has" : "have")} rows. Nothing was changed. "
                + $"To drop {(filled.Count == 1 ? "it" : "them")} all the same, name {(filled.Count == 1 ? "it" : "each")}: "
                + $"{string.Join(' ', filled.Select(table => $"--drop-table {table}"))} (DropTables in the options).");
        }

        return [.. present.Intersect(found, StringComparer.Ordinal).Except(options.DropTables, StringComparer.Ordinal).Select(table => $"{Schema.Name}.{table}")];
    }
}

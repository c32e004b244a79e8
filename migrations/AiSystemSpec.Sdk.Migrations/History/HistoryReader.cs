using AiSystemSpec.Sdk.Migrations.Connections;
using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.History;

/// <summary>Reads the history with SELECT alone, and creates nothing where there is none.</summary>
internal static class HistoryReader
{
    // By the catalog: to_regclass would fail where the role may not look into the schema.
    private const string Find = """
        SELECT pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT')
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = $2
        """;

    // As JSON, since a history that plain EF made has no checksums.
    private const string Read = $"""
        SELECT h."MigrationId"::text, pg_catalog.to_jsonb(h) ->> '{HistoryTable.ChecksumColumn}' FROM {HistoryTable.QualifiedName} h ORDER BY 1
        """;

    /// <returns>The applied migrations, oldest first; null where there is no history yet.</returns>
    public static async Task<List<AppliedMigration>?> ReadAsync(Session session, CancellationToken cancellationToken)
    {
        var found = await session.QueryAsync(
            Find, reader => reader.GetBoolean(0), cancellationToken, Schema.OwnName, Schema.MigrationsHistory).ConfigureAwait(false);
        if (found.Count == 0)
        {
            return null;
        }

        if (!found[0])
        {
            throw MigrationException.Refused(
                $"The role may not read {HistoryTable.QualifiedName}. Connect as another, or grant it the right with aispec grant ROLE --as reader.");
        }

        return await session.QueryAsync(
            Read,
            reader => new AppliedMigration(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1)),
            cancellationToken).ConfigureAwait(false);
    }
}

using AiSystemSpec.Sdk.Migrations.Connections;
using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.Identity;

/// <summary>The table of the database's identity. Nothing needs it: a database may lack it, and a role may not read it.</summary>
internal static class IdentityTable
{
    public const string QualifiedName = $"{Schema.OwnName}.{Schema.DatabaseIdentity}";

    /// <summary>Also makes the row where it was deleted; the table's index takes one only.</summary>
    public const string RenewSql = $"""
        INSERT INTO {QualifiedName} AS i (id, created_at) VALUES (pg_catalog.gen_random_uuid(), pg_catalog.now())
        ON CONFLICT ((true)) DO UPDATE SET id = EXCLUDED.id, created_at = EXCLUDED.created_at;
        """;

    // By the catalog: to_regclass would fail where the role may not look into the schema.
    private const string Find = """
        SELECT pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT')
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = $2
        """;

    // PostgreSQL's moments reach further than .NET's.
    private const string Read = $"""
        SELECT id, CASE WHEN created_at >= '0001-01-01 00:00:00+00' AND created_at < '9999-12-31 00:00:00+00' THEN created_at END FROM {QualifiedName} LIMIT 1
        """;

    /// <summary>Asks whether the role may read the table; null where there is none.</summary>
    public static async Task<bool?> MayReadAsync(Session session, CancellationToken cancellationToken)
    {
        var found = await session.QueryAsync(Find, reader => reader.GetBoolean(0), cancellationToken, Schema.OwnName, Schema.DatabaseIdentity).ConfigureAwait(false);
        return found.Count == 0 ? null : found[0];
    }

    /// <returns>The identity; null where the table has no row, or does not exist.</returns>
    /// <exception cref="MigrationException">The role may not read it.</exception>
    public static async Task<DatabaseIdentity?> ReadAsync(Session session, CancellationToken cancellationToken)
    {
        switch (await MayReadAsync(session, cancellationToken).ConfigureAwait(false))
        {
            case null:
                return null;
            case false:
                throw MigrationException.Refused($"The role may not read {QualifiedName}. Connect as another, or grant it the right with aispec grant.");
        }

        var rows = await session.QueryAsync(
            Read,
            reader => new DatabaseIdentity { Id = reader.GetFieldValue<Guid>(0), CreatedAt = reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1) },
            cancellationToken).ConfigureAwait(false);
        return rows.FirstOrDefault();
    }
}

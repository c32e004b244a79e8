using AiSystemSpec.Sdk.Migrations.Catalog;
using AiSystemSpec.Sdk.Migrations.Connections;
using AiSystemSpec.Sdk.Migrations.Statements;
using AiSystemSpec.Sdk.Persistence;

namespace AiSystemSpec.Sdk.Migrations.Verification;

/// <summary>Says who may do what on a Supabase database, whose REST layer serves these tables to the roles <c>anon</c> and <c>authenticated</c>.</summary>
internal static class AccessFindings
{
    private const string Read = """
        SELECT c.relname::text, r.rolname::text,
               ARRAY(SELECT p FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p
                     WHERE pg_catalog.has_table_privilege(r.oid, c.oid, p))
        FROM pg_catalog.pg_roles r
        CROSS JOIN pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE r.rolname IN ('anon', 'authenticated', 'service_role') AND n.nspname = $1 AND c.relname = ANY ($2) AND c.relkind IN ('r', 'p')
        ORDER BY 1, 2
        """;

    private static readonly string[] Needed = ["SELECT", "INSERT", "UPDATE", "DELETE"];

    public static async Task<List<SchemaFinding>> FindAsync(Session session, IReadOnlyList<FoundTable> tables, CancellationToken cancellationToken)
    {
        var rights = await session.QueryAsync(
            Read,
            reader => (Table: reader.GetString(0), Role: reader.GetString(1), Rights: reader.GetFieldValue<string[]>(2)),
            cancellationToken,
            Schema.Name,
            tables.Select(table => table.Name).ToArray()).ConfigureAwait(false);
        var findings = new List<SchemaFinding>();
        if (rights.Count > 0)
        {
            findings.AddRange(tables.Where(table => table is { IsTable: true, HasRowSecurity: false }).Select(WithoutRowSecurity));
        }

        foreach (var (table, role, granted) in rights)
        {
            if (role is "service_role")
            {
                findings.AddRange(Needed.Except(granted, StringComparer.Ordinal).Any() ? [ClosedToService(table, granted)] : []);
            }
            else if (granted.Length > 0)
            {
                findings.Add(Open(table, role, granted));
            }
        }

        return findings;
    }

    private static SchemaFinding WithoutRowSecurity(FoundTable table) => new(
        FindingSeverity.Warning,
        table.QualifiedName,
        "row level security off, and the table is served over REST",
        "row level security on",
        $"ALTER TABLE {table.QualifiedName} ENABLE ROW LEVEL SECURITY; -- or, with all that belongs to it: aispec adopt --harden");

    private static SchemaFinding Open(string table, string role, string[] rights) => new(
        FindingSeverity.Warning,
        $"{Schema.Name}.{table}",
        $"{string.Join(", ", rights)} granted to {role}",
        $"nothing granted to {role}",
        $"REVOKE ALL ON TABLE {Schema.Name}.{table} FROM PUBLIC, {role};");

    private static SchemaFinding ClosedToService(string table, string[] rights) => new(
        FindingSeverity.Warning,
        $"{Schema.Name}.{table}",
        $"{(rights.Length == 0 ? "nothing" : string.Join(", ", rights))} granted to service_role",
        $"{string.Join(", ", Needed)} granted to service_role",
        $"GRANT {string.Join(", ", Needed)} ON TABLE {Schema.Name}.{table} TO service_role; -- and its policy {ClosedAccess.PolicyName}: aispec adopt --harden");
}

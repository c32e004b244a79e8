using AiSystemSpec.Sdk.Migrations.Catalog;
using AiSystemSpec.Sdk.Migrations.Connections;
using AiSystemSpec.Sdk.Migrations.Statements;
using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.Verification;

/// <summary>
/// Says who may do what on a Supabase database, whose REST layer serves these tables to the roles <c>anon</c> and <c>authenticated</c>.
/// </summary>
internal static class AccessFindings
{
    private const string Read = """
        SELECT c.relname::text, r.rolname::text,
               ARRAY(SELECT p FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p
                     WHERE pg_catalog.has_table_privilege(r.oid, c.oid, p)
                        OR CASE WHEN r.rolname <> 'service_role' AND p IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') THEN pg_catalog.has_any_column_privilege(r.oid, c.oid, p) ELSE false END),
               ARRAY(SELECT DISTINCT g.rolname::text
                     FROM (SELECT c.relacl UNION ALL SELECT a.attacl FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid) AS l(acl)
                     CROSS JOIN LATERAL pg_catalog.aclexplode(l.acl) AS e JOIN pg_catalog.pg_roles g ON g.oid = e.grantee
                     WHERE g.oid <> r.oid AND pg_catalog.pg_has_role(r.oid, g.oid, 'USAGE') ORDER BY 1)
        FROM pg_catalog.pg_roles r
        CROSS JOIN pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE r.rolname IN ('anon', 'authenticated', 'service_role') AND n.nspname = $1 AND c.relname = ANY ($2) AND c.relkind IN ('r', 'p')
        ORDER BY 1, 2
        """;

    private static readonly string[] Needed = ["SELECT", "INSERT", "UPDATE", "DELETE"];

    public static async Task<List<SchemaFinding>> FindAsync(
        Session session, IReadOnlyList<FoundTable> tables, CancellationToken cancellationToken)
    {
        var rights = await session.QueryAsync(
            Read,
            reader => (Table: reader.GetString(0), Role: reader.GetString(1), Rights: reader.GetFieldValue<string[]>(2), Through: reader.GetFieldValue<string[]>(3)),
            cancellationToken,
            Schema.Name,
            tables.Select(table => table.Name).ToArray()).ConfigureAwait(false);
        var findings = new List<SchemaFinding>();
        if (rights.Count > 0)
        {
            findings.AddRange(tables.Where(table => table is { IsTable: true, HasRowSecurity: false }).Select(WithoutRowSecurity));
        }

        foreach (var (table, role, granted, through) in rights)
        {
            if (role is "service_role")
            {
                findings.AddRange(Needed.Except(granted, StringComparer.Ordinal).Any() ? [ClosedToService(table, granted)] : []);
            }
            else if (granted.Length > 0)
            {
                findings.Add(Open(table, role, granted, through));
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

    private static SchemaFinding Open(string table, string role, string[] rights, string[] through) => new(
        FindingSeverity.Warning,
        $"{Schema.Name}.{table}",
        $"{string.Join(", ", rights)} granted to {role}{(through.Length == 0 ? "" : $", also through {string.Join(", ", through)}, of which it is a member")}",
        $"nothing granted to {role}",
        through.Length == 0 ? $"REVOKE ALL ON TABLE {Schema.Name}.{table} FROM PUBLIC, {role};" : null)
    {
        Advice = through.Length == 0 ? null
            : $"Who else is a member of {string.Join(", ", through)}, and needs this? Revoke the membership (REVOKE … FROM {role}) or the right (REVOKE ALL ON TABLE {Schema.Name}.{table} FROM …); then run aispec verify again.",
        Query = through.Length == 0 ? null
            : $"SELECT roleid::pg_catalog.regrole, member::pg_catalog.regrole FROM pg_catalog.pg_auth_members WHERE roleid IN ({string.Join(", ", through.Select(name => $"'{Identifier.Quote(name).Replace("'", "''", StringComparison.Ordinal)}'::pg_catalog.regrole"))});",
    };

    private static SchemaFinding ClosedToService(string table, string[] rights) => new(
        FindingSeverity.Warning,
        $"{Schema.Name}.{table}",
        $"{(rights.Length == 0 ? "nothing" : string.Join(", ", rights))} granted to service_role",
        $"{string.Join(", ", Needed)} granted to service_role",
        $"GRANT {string.Join(", ", Needed)} ON TABLE {Schema.Name}.{table} TO service_role; -- and its policy {ClosedAccess.PolicyName}: aispec adopt --harden");
}

using AiSystemSpec.Sdk.Migrations.Catalog;
using AiSystemSpec.Sdk.Migrations.History;
using AiSystemSpec.Sdk.Migrations.Identity;
using AiSystemSpec.Sdk.Migrations.Statements;
using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.Granting;

/// <summary>Exactly the rights that the services need, and no more.</summary>
internal static class GrantSql
{
    // UPDATE: rows of the cache are refreshed in place where its topics are unique, retention locks the rows that it deletes,
    // and a context saves what a host has changed.
    private const string AppRights = "SELECT, INSERT, UPDATE, DELETE";

    /// <param name="role">The role, which exists.</param>
    /// <param name="kind">What it is to do.</param>
    /// <param name="tables">The three tables, to see where row level security is on.</param>
    /// <param name="hasHistory">Whether the history of migrations exists.</param>
    /// <param name="hasIdentity">Whether the table of the database's identity exists.</param>
    /// <param name="trigrams">The extension of the search by similarity.</param>
    public static IReadOnlyList<string> Make(
        string role, GrantKind kind, IReadOnlyList<FoundTable> tables, bool hasHistory, bool hasIdentity, FoundTrigrams trigrams)
    {
        var name = Quote(role);
        List<string> statements = [SearchPath.Pin, $"GRANT USAGE ON SCHEMA {Schema.Name} TO {name};"];
        foreach (var table in tables)
        {
            statements.Add($"GRANT {(kind == GrantKind.App ? AppRights : "SELECT")} ON TABLE {table.QualifiedName} TO {name};");
            if (table.HasRowSecurity)
            {
                var policy = Quote(PolicyName(role, kind));
                statements.Add($"DROP POLICY IF EXISTS {policy} ON {table.QualifiedName};");
                statements.Add($"CREATE POLICY {policy} ON {table.QualifiedName} FOR {(kind == GrantKind.App ? "ALL" : "SELECT")} TO {name} USING (true){(kind == GrantKind.App ? " WITH CHECK (true)" : "")};");
            }
        }

        if (hasHistory)
        {
            statements.Add($"GRANT USAGE ON SCHEMA {Schema.OwnName} TO {name};");
            statements.Add($"GRANT SELECT ON TABLE {HistoryTable.QualifiedName} TO {name};");
        }

        if (hasIdentity)
        {
            statements.Add($"GRANT USAGE ON SCHEMA {Schema.OwnName} TO {name};");
            statements.Add($"GRANT SELECT ON TABLE {IdentityTable.QualifiedName} TO {name};");
        }

        // A schema that belongs to someone else is no reason to fail: only the search by similarity needs it.
        if (kind == GrantKind.App && trigrams is { Schema: { } schema and not (Schema.Name or "pg_catalog"), MayGrantUsage: true })
        {
            statements.Add($"GRANT USAGE ON SCHEMA {schema} TO {name};");
        }

        return statements;
    }

    public static string Quote(string identifier) => Identifier.Quote(identifier);

    // A name has room for 63 bytes, and a role's may take them all.
    private static string PolicyName(string role, GrantKind kind)
    {
        var name = $"{(kind == GrantKind.App ? "app" : "reader")}_{role}";
        return name.Length <= 60 ? name : name[..60];
    }
}

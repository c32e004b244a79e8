using AiSystemSpec.Sdk.Migrations.Catalog;
using AiSystemSpec.Sdk.Migrations.Statements;
using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.Verification;

/// <summary>Compares a table's columns with the schema's, by name; their order says nothing.</summary>
internal static class ColumnComparison
{
    public static async Task<List<SchemaFinding>> CompareAsync(FoundTable table, Probe probe)
    {
        var canonical = CanonicalTables.All[table.Name];
        var findings = new List<SchemaFinding>();
        foreach (var expected in canonical)
        {
            if (table.Column(expected.Name) is { } found)
            {
                findings.AddRange(await CompareAsync(table, found, expected, probe).ConfigureAwait(false));
            }
            else
            {
                findings.Add(Missing(table, expected));
            }
        }

        findings.AddRange(table.Columns.Where(column => canonical.All(expected => !string.Equals(expected.Name, column.Name, StringComparison.Ordinal))).Select(extra => Extra(table, extra)));
        return findings;
    }

    private static SchemaFinding Missing(FoundTable table, CanonicalColumn expected) => new(
        FindingSeverity.Error,
        $"{table.QualifiedName}.{expected.Name}",
        "no such column",
        expected.Type,
        expected.Name is Schema.Columns.Id
            ? $"ALTER TABLE {table.QualifiedName} ADD COLUMN {expected.Name} {expected.Type} NOT NULL DEFAULT {expected.Default}; {Remedies.Rewrites}"
            // Without its default: with it, every row that is there would seem to be new.
            : $"ALTER TABLE {table.QualifiedName} ADD COLUMN {expected.Name} {expected.Type};"
              + (expected.Default is null ? "" : $"\nALTER TABLE {table.QualifiedName} ALTER COLUMN {expected.Name} SET DEFAULT {expected.Default};"));

    private static SchemaFinding Extra(FoundTable table, FoundColumn column)
    {
        var name = Identifier.Quote(column.Name);
        var refusesRows = (column.IsNotNull || column is { Domain: not null, IsDomainStrict: true }) && column is { Default: null, Identity: ' ' };
        if (!refusesRows)
        {
            return new(FindingSeverity.Information, $"{table.QualifiedName}.{column.Name}", $"a column of another program, {column.Type}", "nothing; it is left alone", fixSql: null);
        }

        var isKey = table.Indexes.Any(index => (index.IsPrimary || index.IsReplicaIdentity) && index.Columns.Contains(column.Name, StringComparer.Ordinal));
        var mayDrop = column.IsNotNull && !isKey && column is { IsInherited: false, Domain: null };
        return new(
            FindingSeverity.Error,
            $"{table.QualifiedName}.{column.Name}",
            $"a column of another program, {column.Type} NOT NULL without a default, which refuses every row that the services write",
            "that it may be NULL, or has a default",
            mayDrop ? $"ALTER TABLE {table.QualifiedName} ALTER COLUMN {name} DROP NOT NULL;" : null)
        {
            Advice = mayDrop ? null : isKey
                ? "The column is part of a key, so that it cannot be NULL. What is to stand there in rows of the services? Give the column that default, or make the key without it."
                : "A parent table or a domain forbids NULL. What is to stand there in rows of the services? Give the column that default.",
            Query = mayDrop ? null : $"SELECT {name}, pg_catalog.count(*) FROM {table.QualifiedName} GROUP BY 1 ORDER BY 2 DESC LIMIT 20;",
        };
    }

    private static async Task<List<SchemaFinding>> CompareAsync(FoundTable table, FoundColumn found, CanonicalColumn expected, Probe probe)
    {
        var findings = new List<SchemaFinding>();
        if (FindWritten(table, found) is { } generated)
        {
            findings.Add(generated);
        }

        if (await TypeComparison.CompareAsync(table, found, expected, probe).ConfigureAwait(false) is { } type)
        {
            findings.Add(type);
            if (type.Severity == FindingSeverity.Error && expected.Name is Schema.Columns.Id && !TypeConversion.IsText(found.Type))
            {
                return findings; // what mends it makes another column, as it should be
            }
        }

        if (found.NondeterministicCollation is { } collation)
        {
            findings.Add(Collation(table, found, collation));
        }

        if (await CompareNullsAsync(table, found, expected, probe).ConfigureAwait(false) is { } nulls)
        {
            findings.Add(nulls);
        }

        // While nobody has said what becomes of the type, no default would fit it.
        if (findings.Exists(finding => finding is { Severity: FindingSeverity.Error, FixSql: null }))
        {
            return findings;
        }

        if (await DefaultComparison.CompareAsync(table, found, expected, probe).ConfigureAwait(false) is { } byDefault)
        {
            findings.Add(byDefault);
        }

        return findings;
    }

    /// <summary>A value that the server computes cannot be written, and the services write every column.</summary>
    private static SchemaFinding? FindWritten(FoundTable table, FoundColumn found)
    {
        var alter = $"ALTER TABLE {table.QualifiedName} ALTER COLUMN {found.Name}";
        return found switch
        {
            { Identity: 'a' } when found.Name is not Schema.Columns.Id => Finding("generated always as identity", $"{alter} DROP IDENTITY;"),
            { Generated: 's', IsInherited: false } => Finding("a generated column", $"{alter} DROP EXPRESSION;"),
            { Generated: not ' ' } => Finding("a generated column", mend: null) with
            {
                Advice = "Its values are computed with each read, or by a parent table, so that there are none to keep. Drop it, and add it as a column that is written.",
                Query = $"SELECT {found.Name} FROM {table.QualifiedName} LIMIT 20;",
            },
            _ => null,
        };

        SchemaFinding Finding(string what, string? mend) =>
            new(FindingSeverity.Error, $"{table.QualifiedName}.{found.Name}", $"{what}, which takes no value that the services write", "an ordinary column", mend);
    }

    private static SchemaFinding Collation(FoundTable table, FoundColumn found, string collation)
    {
        var mayAlter = found.Dependents.Count == 0 && !found.IsInherited;
        return new(
            FindingSeverity.Warning,
            $"{table.QualifiedName}.{found.Name}",
            $"the collation {collation}, which takes different texts for equal: SYSTEM for system, one run for another",
            "a deterministic collation",
            mayAlter ? $"ALTER TABLE {table.QualifiedName} ALTER COLUMN {found.Name} TYPE {found.Type} COLLATE pg_catalog.\"default\"; {Remedies.Rebuilds}" : null)
        {
            Advice = mayAlter ? null : Remedies.Depends(found),
            Query = mayAlter ? null : Remedies.DependentsOf(table, found),
        };
    }

    private static async Task<SchemaFinding?> CompareNullsAsync(FoundTable table, FoundColumn found, CanonicalColumn expected, Probe probe)
    {
        var subject = $"{table.QualifiedName}.{found.Name}";
        var alter = $"ALTER TABLE {table.QualifiedName} ALTER COLUMN {found.Name}";
        if (found.IsNotNull && !expected.IsNotNull)
        {
            if (expected.IsAlwaysWritten)
            {
                return new(FindingSeverity.Compatible, subject, "NOT NULL", "that it may be NULL; stricter is fine", fixSql: null);
            }

            var isKey = table.Indexes.Any(index => (index.IsPrimary || index.IsReplicaIdentity) && index.Columns.Contains(found.Name, StringComparer.Ordinal));
            var mayDrop = !isKey && !found.IsInherited;
            return new(FindingSeverity.Error, subject, "NOT NULL, which refuses rows that the services write", "that it may be NULL", mayDrop ? $"{alter} DROP NOT NULL;" : null)
            {
                Advice = mayDrop ? null : isKey ? "The column is part of a key. Make the key without it, then let it be NULL." : Remedies.Inherited(table),
            };
        }

        if (found.IsNotNull || !expected.IsNotNull)
        {
            return null;
        }

        var hasNulls = await probe.IsTrueAsync($"SELECT EXISTS (SELECT FROM {table.QualifiedName} WHERE {found.Name} IS NULL)").ConfigureAwait(false);
        return new(FindingSeverity.Warning, subject, $"that it may be NULL{(hasNulls is true ? ", and rows in which it is" : "")}", "NOT NULL", hasNulls is false ? $"{alter} SET NOT NULL; {Remedies.Scans}" : null)
        {
            Advice = hasNulls is false ? null : hasNulls is true
                ? "What is to stand there in the rows that have nothing? Give them a value, or delete them; then SET NOT NULL."
                : $"Whether a row has nothing there could not be told ({Remedies.TookTooLong}). Where the query finds none: {alter} SET NOT NULL.",
            Query = hasNulls is false ? null : $"SELECT * FROM {table.QualifiedName} WHERE {found.Name} IS NULL LIMIT 20;",
        };
    }
}

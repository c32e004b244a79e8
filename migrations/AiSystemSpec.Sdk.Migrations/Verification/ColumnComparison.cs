using AiSystemSpec.Sdk.Migrations.Catalog;
using AiSystemSpec.Sdk.Persistence;

namespace AiSystemSpec.Sdk.Migrations.Verification;

/// <summary>Compares a table's columns with the schema's, by name; their order says nothing.</summary>
internal static class ColumnComparison
{
    // The only other type with the same form on the wire, so that nothing that the services send or read can fail.
    private const string UnboundedVarchar = "character varying";

    public static IEnumerable<SchemaFinding> Compare(FoundTable table)
    {
        var canonical = CanonicalTables.All[table.Name];
        foreach (var expected in canonical)
        {
            var findings = table.Column(expected.Name) is { } found ? Compare(table, found, expected) : [Missing(table, expected)];
            foreach (var finding in findings)
            {
                yield return finding;
            }
        }

        foreach (var extra in table.Columns.Where(column => canonical.All(expected => !string.Equals(expected.Name, column.Name, StringComparison.Ordinal))))
        {
            yield return Extra(table, extra);
        }
    }

    private static SchemaFinding Missing(FoundTable table, CanonicalColumn expected) => new(
        FindingSeverity.Error,
        $"{table.QualifiedName}.{expected.Name}",
        "no such column",
        expected.Type,
        // Without its default: with it, every row that is there would seem to be new.
        $"ALTER TABLE {table.QualifiedName} ADD COLUMN {expected.Name} {expected.Type};"
        + (expected.Default is null ? "" : $" ALTER TABLE {table.QualifiedName} ALTER COLUMN {expected.Name} SET DEFAULT {expected.Default};"));

    private static SchemaFinding Extra(FoundTable table, FoundColumn column)
    {
        var refusesRows = column is { IsNotNull: true, Default: null };
        return new(
            refusesRows ? FindingSeverity.Error : FindingSeverity.Information,
            $"{table.QualifiedName}.{column.Name}",
            $"a column of another program, {column.Type}{(refusesRows ? " NOT NULL without a default, which refuses every row that the services write" : "")}",
            refusesRows ? "that it may be NULL, or has a default" : "nothing; it is left alone",
            refusesRows ? $"ALTER TABLE {table.QualifiedName} ALTER COLUMN \"{column.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\" DROP NOT NULL;" : null);
    }

    private static IEnumerable<SchemaFinding> Compare(FoundTable table, FoundColumn found, CanonicalColumn expected)
    {
        var subject = $"{table.QualifiedName}.{found.Name}";
        var alter = $"ALTER TABLE {table.QualifiedName} ALTER COLUMN {found.Name}";
        if (!string.Equals(found.Type, expected.Type, StringComparison.Ordinal))
        {
            yield return CompareType(subject, alter, found, expected);
        }

        if (found.IsNotNull && !expected.IsNotNull)
        {
            yield return expected.IsAlwaysWritten
                ? new(FindingSeverity.Compatible, subject, "NOT NULL", "that it may be NULL; stricter is fine", Mend: null)
                : new(FindingSeverity.Error, subject, "NOT NULL, which refuses rows that the services write", "that it may be NULL", $"{alter} DROP NOT NULL;");
        }
        else if (!found.IsNotNull && expected.IsNotNull)
        {
            yield return new(FindingSeverity.Warning, subject, "that it may be NULL", "NOT NULL", $"{alter} SET NOT NULL;");
        }

        if (!string.Equals(found.Default, expected.Default, StringComparison.Ordinal))
        {
            yield return CompareDefault(subject, alter, found, expected);
        }
    }

    private static SchemaFinding CompareType(string subject, string alter, FoundColumn found, CanonicalColumn expected)
    {
        var works = string.Equals(found.Type, UnboundedVarchar, StringComparison.Ordinal) && string.Equals(expected.Type, Schema.Types.Text, StringComparison.Ordinal);
        var zone = string.Equals(expected.Type, Schema.Types.TimestampTz, StringComparison.Ordinal) ? " AT TIME ZONE 'UTC'" : $"::{expected.Type}";
        return new(
            works ? FindingSeverity.Compatible : FindingSeverity.Error,
            subject,
            $"type {found.Type}",
            works ? $"{expected.Type}; this one works as well" : expected.Type,
            works ? null : $"{alter} TYPE {expected.Type} USING {found.Name}{zone};");
    }

    private static SchemaFinding CompareDefault(string subject, string alter, FoundColumn found, CanonicalColumn expected) => expected.Default is null
        ? new(FindingSeverity.Compatible, subject, $"default {found.Default}", "no default", Mend: null)
        : found.Default is null
            ? new(FindingSeverity.Error, subject, "no default", $"default {expected.Default}", $"{alter} SET DEFAULT {expected.Default};")
            : new(FindingSeverity.Compatible, subject, $"default {found.Default}", $"default {expected.Default}; another one is fine", Mend: null);
}

using AiSystemSpec.Sdk.Migrations.Catalog;
using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.Verification;

/// <summary>
/// Compares a column's type, and offers the conversion that runs on this table with these rows, or says what must be decided first.
/// </summary>
internal static class TypeComparison
{
    // The only other type with the same form on the wire, so that nothing that the services send or read can fail.
    private const string UnboundedVarchar = "character varying";

    private const string BigInt = "bigint";

    public static async Task<SchemaFinding?> CompareAsync(FoundTable table, FoundColumn found, CanonicalColumn expected, Probe probe)
    {
        var subject = $"{table.QualifiedName}.{found.Name}";
        if (string.Equals(found.Type, expected.Type, StringComparison.Ordinal))
        {
            return CompareDomain(subject, found, expected);
        }

        if (string.Equals(found.Type, UnboundedVarchar, StringComparison.Ordinal) && string.Equals(expected.Type, Schema.Types.Text, StringComparison.Ordinal))
        {
            return new(FindingSeverity.Compatible, subject, $"type {found.Type}", $"{expected.Type}; this one works as well", fixSql: null);
        }

        // The table editor's default for a number. Attempts are counted from 1, so that no row of a pipeline comes near the difference.
        if (found is { Type: BigInt, Domain: null } && string.Equals(expected.Type, Schema.Types.Int, StringComparison.Ordinal))
        {
            return await CompareBigIntAsync(table, found, expected, probe).ConfigureAwait(false);
        }

        var finding = new SchemaFinding { Severity = FindingSeverity.Error, Subject = subject, Found = $"type {found.Domain ?? found.Type}", Expected = expected.Type, FixSql = null };
        if (found.IsInherited)
        {
            return finding with { Advice = Remedies.Inherited(table) };
        }

        if (expected.Name is Schema.Columns.Id && !TypeConversion.IsText(found.Type))
        {
            return ReplaceKey(finding, table, found);
        }

        return await ConvertAsync(finding, table, found, expected, probe).ConfigureAwait(false);
    }

    private static SchemaFinding? CompareDomain(string subject, FoundColumn found, CanonicalColumn expected) => found.Domain is null ? null : new(
        found.IsDomainStrict ? FindingSeverity.Warning : FindingSeverity.Compatible,
        subject,
        $"the domain {found.Domain}{(found.IsDomainStrict ? ", which may refuse rows" : "")}",
        found.IsDomainStrict ? expected.Type : $"{expected.Type}; this one works as well",
        fixSql: null)
    {
        Advice = found.IsDomainStrict ? "Does the domain take all that the services write? If not, alter the domain, or the column's type." : null,
        Query = found.IsDomainStrict ? $"SELECT conname, pg_catalog.pg_get_constraintdef(oid) FROM pg_catalog.pg_constraint WHERE contypid = pg_catalog.to_regtype('{found.Domain.Replace("'", "''", StringComparison.Ordinal)}');" : null,
    };

    private static async Task<SchemaFinding> CompareBigIntAsync(FoundTable table, FoundColumn found, CanonicalColumn expected, Probe probe)
    {
        var finding = new SchemaFinding { Severity = FindingSeverity.Warning, Subject = $"{table.QualifiedName}.{found.Name}", Found = $"type {found.Type}, which works; a number above {int.MaxValue} is read as that", Expected = expected.Type, FixSql = null };
        return found.IsInherited ? finding with { Advice = Remedies.Inherited(table) } : await ConvertAsync(finding, table, found, expected, probe).ConfigureAwait(false);
    }

    /// <summary>Numbers cannot become the ids that they are not: they are kept beside the new ids.</summary>
    private static SchemaFinding ReplaceKey(SchemaFinding finding, FoundTable table, FoundColumn found)
    {
        var kept = Remedies.FreeName($"{found.Name}_before", table.Columns.Select(column => column.Name));
        var (look, hasKey) = ($"SELECT {found.Name} FROM {table.QualifiedName} ORDER BY 1 DESC LIMIT 20;", KeyComparison.HasKey(table));
        if (found is { IsNotNull: true, Default: null, Identity: ' ' })
        {
            return finding with
            {
                Advice = $"Who gives the rows of the services a {found.Type}? Give the column a default (a sequence, perhaps); then rename it, and add {found.Name} {finding.Expected} NOT NULL DEFAULT {Schema.Defaults.Id} with a unique index.",
                Query = look,
            };
        }

        return finding with
        {
            FixSql = $"ALTER TABLE {table.QualifiedName} RENAME COLUMN {found.Name} TO {kept}; -- programs that use the number must use this name from now on\n"
                + $"ALTER TABLE {table.QualifiedName} ADD COLUMN {found.Name} {finding.Expected} NOT NULL DEFAULT {Schema.Defaults.Id}; {Remedies.Rewrites}"
                + (hasKey ? $"\n{Remedies.CreateKey(table)}" : ""), // else the finding about the key offers it
        };
    }

    private static async Task<SchemaFinding> ConvertAsync(
        SchemaFinding finding, FoundTable table, FoundColumn found, CanonicalColumn expected, Probe probe)
    {
        if (found.Generated is 'v')
        {
            return finding with { Advice = "A generated column must become an ordinary one first." };
        }

        if (TypeConversion.Find(found, expected) is not { } conversion)
        {
            return finding with
            {
                Advice = $"How does a {found.Type} become a {expected.Type}? {(expected.Name is Schema.Columns.CreatedAt ? "A number may count seconds or milliseconds, and a text may be read by another DateStyle or time zone. " : "")}Alter the column with the expression that fits.",
                Query = $"SELECT {found.Name} FROM {table.QualifiedName} WHERE {found.Name} IS NOT NULL LIMIT 20;",
            };
        }

        // Operator classes of varchar are those of text.
        var all = conversion.KeepsStorage ? found : found with { Dependents = [.. found.Dependents, .. found.BoundIndexes] };
        if (all.Dependents.Count > 0)
        {
            return finding with { Advice = Remedies.Depends(all), Query = Remedies.DependentsOf(table, found) };
        }

        var sql = conversion.Alter(table.QualifiedName, found, expected);
        if (conversion.IsSure)
        {
            return finding with { FixSql = sql };
        }

        var isPossible = conversion.Condition is { } condition
            ? await probe.IsTrueAsync($"SELECT NOT EXISTS (SELECT FROM {table.QualifiedName} WHERE NOT ({condition}))").ConfigureAwait(false)
            : await probe.HasValueForEachRowAsync(conversion.Using, table.QualifiedName).ConfigureAwait(false);
        return isPossible is true ? finding with { FixSql = sql } : finding with
        {
            Advice = isPossible is false
                ? $"There are rows whose value is no {expected.Type}. What is to become of it? Change those rows; then run aispec verify again, which offers the conversion."
                : $"Whether every value is a {expected.Type} could not be told ({Remedies.TookTooLong}). Where the query finds no other: {sql}",
            Query = $"SELECT ctid, {found.Name} FROM {table.QualifiedName} WHERE NOT ({conversion.Others(found, probe.ServerVersion)}) LIMIT 20;",
        };
    }
}

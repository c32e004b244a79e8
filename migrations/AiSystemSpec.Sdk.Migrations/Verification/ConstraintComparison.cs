using AiSystemSpec.Sdk.Migrations.Catalog;
using AiSystemSpec.Sdk.Migrations.Statements;
using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.Verification;

/// <summary>Says which constraints may refuse rows; of a check of the status, which of those that the services write.</summary>
internal static class ConstraintComparison
{
    private static readonly string[] Statuses = ["success", "failure", "retry", "skipped"];

    public static async Task<List<SchemaFinding>> CompareAsync(FoundTable table, Probe probe)
    {
        var findings = new List<SchemaFinding>();
        foreach (var constraint in table.Constraints)
        {
            findings.Add(await CompareAsync(table, constraint, probe).ConfigureAwait(false));
        }

        return findings;
    }

    private static async Task<SchemaFinding> CompareAsync(FoundTable table, FoundConstraint constraint, Probe probe)
    {
        var finding = new SchemaFinding
        {
            Severity = FindingSeverity.Warning,
            Subject = $"{table.QualifiedName}.{constraint.Name}",
            Found = $"a constraint that may refuse rows: {constraint.Definition}",
            Expected = "none",
            FixSql = constraint.IsInherited ? null : $"ALTER TABLE {table.QualifiedName} DROP CONSTRAINT {Identifier.Quote(constraint.Name)};",
            Advice = constraint.IsInherited ? Remedies.Inherited(table) : null,
        };
        if (await FindRefusedAsync(table, constraint, probe).ConfigureAwait(false) is not { } refused)
        {
            return finding;
        }

        return refused.Count switch
        {
            0 => finding with { Severity = FindingSeverity.Compatible, Found = $"a constraint: {constraint.Definition}", Expected = "none; it takes every status that the services write", FixSql = null, Advice = null },
            var count when count == Statuses.Length => finding with { Severity = FindingSeverity.Error, Found = $"a constraint that refuses every status that the services write: {constraint.Definition}" },
            _ => finding with { Found = $"a constraint that refuses the status {string.Join(", ", refused)}: {constraint.Definition}" },
        };
    }

    /// <returns>The statuses that it refuses; null where it is about something else, or cannot be evaluated safely.</returns>
    private static async Task<IReadOnlyList<string>?> FindRefusedAsync(FoundTable table, FoundConstraint constraint, Probe probe)
    {
        if (constraint is not { Kind: 'c', Columns: [Schema.Columns.Status], Condition: { } condition }
            || table.Column(Schema.Columns.Status) is not { } column || !TypeConversion.IsText(column.Type) || !SafeExpression.MayEvaluate(condition))
        {
            return null;
        }

        var values = string.Join(", ", Statuses.Select(status => $"(CAST('{status}' AS {column.Type}))"));
        var (refused, error) = await probe.ReadAsync(
            $"SELECT v.{Schema.Columns.Status}::pg_catalog.text FROM (VALUES {values}) AS v ({Schema.Columns.Status}) WHERE NOT coalesce({condition}, true)", reader => reader.GetString(0)).ConfigureAwait(false);
        return error is null ? refused : null;
    }
}

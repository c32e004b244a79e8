using AiSystemSpec.Sdk.Migrations.EntityFramework;
using AiSystemSpec.Sdk.Migrations.History;

namespace AiSystemSpec.Sdk.Migrations.Verification;

/// <summary>Compares what was applied with what this package would apply.</summary>
internal static class HistoryFindings
{
    public static IEnumerable<SchemaFinding> Find(IReadOnlyList<AppliedMigration> history, bool areTablesThere)
    {
        foreach (var script in MigrationCatalog.Instance.Up)
        {
            var applied = history.FirstOrDefault(row => string.Equals(row.Id, script.Id, StringComparison.Ordinal));
            if (applied is null)
            {
                yield return new(FindingSeverity.Information, script.Id, "a pending migration", "none", fixSql: null)
                {
                    Advice = areTablesThere && history.Count == 0 ? "Run aispec adopt, then aispec migrate." : "Run aispec migrate.",
                };
            }
            else if (applied.Checksum is not null && !string.Equals(applied.Checksum, script.Checksum, StringComparison.Ordinal))
            {
                yield return new(
                    FindingSeverity.Error,
                    script.Id,
                    $"that it was applied with the checksum {applied.Checksum}",
                    $"{script.Checksum}: the migration was changed after it was applied, or the record was",
                    fixSql: null);
            }
        }

        foreach (var row in history.Where(row => MigrationCatalog.Instance.Up.All(script => !string.Equals(script.Id, row.Id, StringComparison.Ordinal))))
        {
            yield return new(FindingSeverity.Warning, row.Id, "a migration that this package does not know", "none: use the newer package that applied it", fixSql: null);
        }
    }
}

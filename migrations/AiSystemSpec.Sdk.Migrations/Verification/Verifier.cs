using AiSystemSpec.Sdk.Migrations.Catalog;
using AiSystemSpec.Sdk.Migrations.Connections;
using AiSystemSpec.Sdk.Migrations.EntityFramework;
using AiSystemSpec.Sdk.Migrations.History;

namespace AiSystemSpec.Sdk.Migrations.Verification;

/// <summary>Reads a database and says how it differs from the schema.</summary>
internal static class Verifier
{
    public static Task<SchemaReport> VerifyAsync(Session session, CancellationToken cancellationToken) =>
        session.ReadAsync(reading => ReadAsync(reading, cancellationToken), cancellationToken);

    private static async Task<SchemaReport> ReadAsync(Session session, CancellationToken cancellationToken)
    {
        var history = await HistoryReader.ReadAsync(session, cancellationToken).ConfigureAwait(false) ?? [];
        var tables = await TableReader.ReadAsync(session, cancellationToken).ConfigureAwait(false);
        var areIndexesApplied = history.Exists(row => string.Equals(row.Id, MigrationCatalog.Instance.CreateIndexes.Id, StringComparison.Ordinal));
        var probe = new Probe(session, cancellationToken);
        List<SchemaFinding> findings =
        [
            .. await TableComparison.CompareAllAsync(tables, probe).ConfigureAwait(false),
            .. tables.Where(table => !table.MayOwn).Select(table => TableComparison.OwnedByAnother(table, FindingSeverity.Information)), // not a fault: a role that only reads is better not the owner
            .. await IndexFindings.FindAsync(tables, areIndexesApplied, await TakenNames.ReadAsync(session, cancellationToken).ConfigureAwait(false), probe).ConfigureAwait(false),
            .. await EncodingFindings.FindAsync(probe).ConfigureAwait(false),
            .. await AccessFindings.FindAsync(session, tables, cancellationToken).ConfigureAwait(false),
            .. HistoryFindings.Find(history, tables.Count > 0),
            .. await IdentityFindings.FindAsync(session, history, cancellationToken).ConfigureAwait(false),
            .. await RowFindings.FindAsync(tables, probe).ConfigureAwait(false),
        ];
        return new SchemaReport { Findings = [.. findings.OrderByDescending(finding => finding.Severity)] };
    }
}

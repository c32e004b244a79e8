using AiSystemSpec.Sdk.Migrations.Catalog;
using AiSystemSpec.Sdk.Migrations.Connections;
using AiSystemSpec.Sdk.Migrations.History;
using AiSystemSpec.Sdk.Migrations.Scripts;

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
        List<SchemaFinding> findings =
        [
            .. TableComparison.Compare(tables),
            .. tables.Where(table => !table.MayOwn).Select(OwnedByAnother),
            .. IndexFindings.Find(tables, areIndexesApplied),
            .. await AccessFindings.FindAsync(session, tables, cancellationToken).ConfigureAwait(false),
            .. HistoryFindings.Find(history, tables.Count > 0),
            .. await IdentityFindings.FindAsync(session, history, cancellationToken).ConfigureAwait(false),
            .. await RowFindings.FindAsync(session, tables, cancellationToken).ConfigureAwait(false),
        ];
        return new SchemaReport([.. findings.OrderBy(finding => finding.Severity)]);
    }

    // Not a fault: a role that only reads is better not the owner.
    private static SchemaFinding OwnedByAnother(FoundTable table) => new(
        FindingSeverity.Information, table.QualifiedName, $"the owner {table.Owner}, whose rights the current role does not have", "that migrations run as the owner", Mend: null);
}

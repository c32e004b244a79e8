using AiSystemSpec.Sdk.Migrations.Connections;
using AiSystemSpec.Sdk.Migrations.EntityFramework;
using AiSystemSpec.Sdk.Migrations.History;
using AiSystemSpec.Sdk.Migrations.Identity;

namespace AiSystemSpec.Sdk.Migrations.Verification;

/// <summary>
/// Says what is wrong with the database's identity. Everything works without it, only files of two databases cannot be told apart.
/// </summary>
internal static class IdentityFindings
{
    public static async Task<IReadOnlyList<SchemaFinding>> FindAsync(
        Session session, IReadOnlyList<AppliedMigration> history, CancellationToken cancellationToken)
    {
        if (!history.Any(row => string.Equals(row.Id, MigrationCatalog.Instance.CreateDatabaseIdentity.Id, StringComparison.Ordinal)))
        {
            return []; // the migration is pending, which the history's findings say
        }

        return await IdentityTable.MayReadAsync(session, cancellationToken).ConfigureAwait(false) switch
        {
            null => [Finding("no such table", string.Join(' ', MigrationCatalog.Instance.CreateDatabaseIdentity.Statements.Skip(1).Select(statement => statement.Text)))],
            true when await IdentityTable.ReadAsync(session, cancellationToken).ConfigureAwait(false) is null => [Finding("no row", IdentityTable.RenewSql)],
            _ => [],
        };
    }

    private static SchemaFinding Finding(string found, string mend) => new(
        FindingSeverity.Warning, IdentityTable.QualifiedName, found, "one row, the identity that files for this database carry", mend);
}

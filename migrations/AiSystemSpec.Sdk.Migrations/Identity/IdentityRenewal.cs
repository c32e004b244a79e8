using AiSystemSpec.Sdk.Migrations.Connections;
using AiSystemSpec.Sdk.Migrations.Running;
using AiSystemSpec.Sdk.Migrations.Statements;

namespace AiSystemSpec.Sdk.Migrations.Identity;

/// <summary>Gives a clone an identity of its own.</summary>
internal static class IdentityRenewal
{
    public static async Task<DatabaseIdentity> RunAsync(MigrationRun run, Session session, CancellationToken cancellationToken)
    {
        if (await session.ReadAsync(reading => IdentityTable.MayReadAsync(reading, cancellationToken), cancellationToken).ConfigureAwait(false) is null)
        {
            throw MigrationException.Refused($"The database has no {IdentityTable.QualifiedName}, so there is no identity to renew. Run aispec migrate (MigrateAsync), which makes one.");
        }

        var unit = RunUnit.Transaction("identity", MigrateOptions.DefaultLockTimeout, SearchPath.Pin, IdentityTable.RenewSql) with { Name = "the renewal of the identity" };
        await run.ExecuteAsync([unit], cancellationToken).ConfigureAwait(false);
        return (await session.ReadAsync(reading => IdentityTable.ReadAsync(reading, cancellationToken), cancellationToken).ConfigureAwait(false))!;
    }
}

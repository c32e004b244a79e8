using AiSystemSpec.Sdk.Migrations.Catalog;
using AiSystemSpec.Sdk.Migrations.Connections;
using AiSystemSpec.Sdk.Migrations.History;
using AiSystemSpec.Sdk.Migrations.Identity;
using AiSystemSpec.Sdk.Migrations.Running;
using AiSystemSpec.Sdk.Migrations.Statements;

namespace AiSystemSpec.Sdk.Migrations.Granting;

/// <summary>Gives a role its rights, in one transaction.</summary>
internal static class GrantOperation
{
    private const string RoleExists = "SELECT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = $1)";

    public static async Task<GrantResult> RunAsync(
        MigrationRun run, Session session, string role, GrantKind kind, CancellationToken cancellationToken)
    {
        if (role is "anon" or "authenticated" or "public")
        {
            throw MigrationException.Refused($"The role {role} stands for everyone who reaches the REST layer. Grant the rights to a role of your own: CREATE ROLE my_app LOGIN.");
        }

        if (role is "service_role")
        {
            throw MigrationException.Refused("The role service_role gets its rights with the tables. Where they are missing, run aispec adopt --harden; or grant to a role of your own.");
        }

        var (tables, hasHistory, hasIdentity, trigrams) = await session.ReadAsync(
            async reading =>
            {
                if (!await reading.ScalarAsync<bool>(RoleExists, cancellationToken, role).ConfigureAwait(false))
                {
                    throw MigrationException.Refused($"There is no role \"{role}\". Create it first: CREATE ROLE {GrantSql.Quote(role)} LOGIN; then set its password with \\password in psql.");
                }

                return (
                    await TableReader.ReadAsync(reading, cancellationToken).ConfigureAwait(false),
                    await HistoryReader.ReadAsync(reading, cancellationToken).ConfigureAwait(false) is not null,
                    await IdentityTable.MayReadAsync(reading, cancellationToken).ConfigureAwait(false) is true,
                    await FoundTrigrams.ReadAsync(reading, cancellationToken).ConfigureAwait(false));
            },
            cancellationToken).ConfigureAwait(false);
        if (tables.Count == 0)
        {
            throw MigrationException.Refused("There are no tables to grant rights on. Run aispec migrate (MigrateAsync) first.");
        }

        var statements = GrantSql.Make(role, kind, tables, hasHistory, hasIdentity, trigrams);
        var unit = RunUnit.Transaction($"grant to {role}", MigrateOptions.DefaultLockTimeout, statements) with { Name = $"the grant to {role}" };
        await run.ExecuteAsync([unit], cancellationToken).ConfigureAwait(false);
        return new GrantResult { Role = role, Kind = kind, Statements = statements };
    }
}

using AiSystemSpec.Sdk.Connections;
using Microsoft.EntityFrameworkCore;

namespace AiSystemSpec.Sdk.Migrations;

internal sealed class Migrator(Database database) : IAiSystemSpecMigrator
{
    public async Task<MigrationResult> MigrateAsync(MigrateOptions? options = null, CancellationToken cancellationToken = default)
    {
        var context = new AiSystemSpecDbContext(MigrationsContextOptions.Create(database.DataSource));
        await using (context.ConfigureAwait(false))
        {
            var pending = await context.Database.GetPendingMigrationsAsync(cancellationToken).ConfigureAwait(false);
            await context.Database.MigrateAsync(cancellationToken).ConfigureAwait(false);
            return new MigrationResult([.. pending]);
        }
    }
}

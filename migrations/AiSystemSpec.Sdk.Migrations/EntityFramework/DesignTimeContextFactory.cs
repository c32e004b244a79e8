using Microsoft.EntityFrameworkCore.Design;

namespace AiSystemSpec.Sdk.Migrations.EntityFramework;

/// <summary>
/// What <c>dotnet ef</c> and migration bundles find. Adding a migration needs no database; <c>database update</c> and a bundle
/// are given theirs with <c>--connection</c>, and fail without it.
/// </summary>
internal sealed class DesignTimeContextFactory : IDesignTimeDbContextFactory<AiSystemSpecDbContext>
{
    public AiSystemSpecDbContext CreateDbContext(string[] args) => new(MigrationsContextOptions.CreateWithoutConnection());
}

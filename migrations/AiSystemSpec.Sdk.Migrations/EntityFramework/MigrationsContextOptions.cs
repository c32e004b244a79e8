using AiSystemSpec.Sdk.Specification;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;

namespace AiSystemSpec.Sdk.Migrations.EntityFramework;

/// <summary>The options of the context that migrates: this assembly's migrations, our own history table, one run at a time.</summary>
internal static class MigrationsContextOptions
{
    public static DbContextOptions<AiSystemSpecDbContext> Create(NpgsqlDataSource dataSource) =>
        Build(options => options.UseNpgsql(dataSource, Configure));

    public static DbContextOptions<AiSystemSpecDbContext> CreateWithoutConnection() =>
        Build(options => options.UseNpgsql(Configure));

    private static DbContextOptions<AiSystemSpecDbContext> Build(Action<DbContextOptionsBuilder<AiSystemSpecDbContext>> useNpgsql)
    {
        var options = new DbContextOptionsBuilder<AiSystemSpecDbContext>();
        useNpgsql(options);
        // Its advice is to mend by hand what breaks off outside a transaction; here the next run does that.
        options.ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.NonTransactionalMigrationOperationWarning));
        return options.ReplaceService<IHistoryRepository, LockedHistoryRepository>().Options;
    }

    private static void Configure(NpgsqlDbContextOptionsBuilder npgsql) => npgsql
        .CommandTimeout(0) // an index is built for as long as its table is large
        .MigrationsAssembly(typeof(MigrationsContextOptions).Assembly.GetName().Name)
        .MigrationsHistoryTable(Schema.MigrationsHistory, Schema.OwnName);
}

using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Migrations.History;
using AiSystemSpec.Sdk.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;

namespace AiSystemSpec.Sdk.Migrations;

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
        return options.ReplaceService<IHistoryRepository, LockedHistoryRepository>().Options;
    }

    private static void Configure(NpgsqlDbContextOptionsBuilder npgsql) => npgsql
        .MigrationsAssembly(typeof(MigrationsContextOptions).Assembly.GetName().Name)
        .MigrationsHistoryTable(AiSystemSpecContextOptions.HistoryTable, Schema.OwnName);
}

using AiSystemSpec.Sdk.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections;

/// <summary>The options of <see cref="AiSystemSpecDbContext"/>, the same wherever one is made.</summary>
internal static class AiSystemSpecContextOptions
{
    public const string HistoryTable = "migrations_history";

    public static DbContextOptions<AiSystemSpecDbContext> Create(NpgsqlDataSource dataSource, int? commandTimeout, params IEnumerable<IInterceptor> interceptors) =>
        new DbContextOptionsBuilder<AiSystemSpecDbContext>()
            .UseNpgsql(dataSource, npgsql => npgsql
                .MigrationsHistoryTable(HistoryTable, Schema.OwnName)
                .CommandTimeout(commandTimeout))
            .UseAiSystemSpec()
            .AddInterceptors(interceptors)
            .Options;
}

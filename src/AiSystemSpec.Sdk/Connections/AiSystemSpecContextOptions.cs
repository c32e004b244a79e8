using AiSystemSpec.Sdk.Specification;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections;

/// <summary>The options of <see cref="AiSystemSpecDbContext"/>, the same wherever one is made.</summary>
internal static class AiSystemSpecContextOptions
{
    public static DbContextOptions<AiSystemSpecDbContext> Create(
        NpgsqlDataSource dataSource, int? commandTimeout, params IEnumerable<IInterceptor> interceptors) =>
        new DbContextOptionsBuilder<AiSystemSpecDbContext>()
            .UseNpgsql(dataSource, npgsql => npgsql
                .MigrationsHistoryTable(Schema.MigrationsHistory, Schema.OwnName)
                .CommandTimeout(commandTimeout))
            .UseAiSystemSpec()
            .AddInterceptors(interceptors)
            .Options;
}

using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using AiSystemSpec.Sdk.Migrations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Failover;

/// <summary>Several hosts that are well: an error that no failover explains is neither waited for nor called a missing primary.</summary>
public sealed class HealthyHostsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan LessThanTheBridge = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Lock_that_is_taken_is_said_after_the_quick_attempts()
    {
        await using var host = HostServices.Over(Twice(postgres.ConnectionString));
        await using var gate = await Sql.OpenAsync(postgres.ConnectionString);
        await using var transaction = await gate.BeginTransactionAsync();
        _ = await Sql.Command(gate, "LOCK TABLE public.scripts").ExecuteNonQueryAsync();
        var purge = host.Services.GetRequiredService<IRetention>().PurgeAsync(new RetentionOptions { ScriptAge = TimeSpan.FromDays(1) });

        var error = await Assert.ThrowsAsync<RetentionException>(() => purge.WaitAsync(LessThanTheBridge));

        Assert.Equal(PostgresErrorCodes.LockNotAvailable, Assert.IsType<PostgresException>(error.InnerException).SqlState);
    }

    [Fact]
    public async Task Pool_that_is_too_small_is_said_in_Npgsqls_words()
    {
        await using var host = HostServices.Over(Twice(postgres.ConnectionString) + ";Maximum Pool Size=1;Timeout=1");
        var contexts = host.Services.GetRequiredService<IDbContextFactory<AiSystemSpecDbContext>>();
        await using var first = contexts.CreateDbContext();
        await using var second = contexts.CreateDbContext();
        await first.Database.OpenConnectionAsync();
        await second.Database.OpenConnectionAsync(); // a host's pool each

        var error = await Assert.ThrowsAsync<NpgsqlException>(() => host.Scripts.SaveAsync("script").WaitAsync(LessThanTheBridge));

        Assert.StartsWith("The connection pool has been exhausted", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Role_that_may_only_read_reads()
    {
        await using var reader = await TestRole.CreateAsync(TestRoute.Direct(postgres.ConnectionString), GrantKind.Reader);
        await Sql.ExecuteAsync(postgres.ConnectionString, $"ALTER ROLE {reader.Name} SET default_transaction_read_only = on");
        await using var host = HostServices.Over(Twice(reader.ConnectionString));

        Assert.Empty((await host.History.QueryAsync(new RunFilter()).WaitAsync(LessThanTheBridge)).Items);
    }

    private static string Twice(string connection)
    {
        var settings = new NpgsqlConnectionStringBuilder(TestRoute.Direct(connection));
        return new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Host = $"{settings.Host}:{settings.Port},localhost:{settings.Port}" }.ConnectionString;
    }
}

using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Retention;

/// <summary>The session that holds a purge's lock from its first row to its last.</summary>
public sealed class PurgeLockTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("read committed")]
    [InlineData("repeatable read")]
    [InlineData("serializable")]
    public async Task Session_holds_no_snapshot_between_batches_whatever_the_databases_default_isolation_is(string isolation)
    {
        Assert.NotEmpty(postgres.ConnectionString);
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "INSERT INTO public.scripts (content, created_at) SELECT 'old', now() - interval '1 year' FROM generate_series(1, 3)");
        await Sql.ExecuteAsync(database, $"ALTER DATABASE \"{new NpgsqlConnectionStringBuilder(TestRoute.Direct(database)).Database}\" SET default_transaction_isolation = '{isolation}'");
        await using var sdk = HostServices.Over(database);
        using var stop = new CancellationTokenSource();

        var purge = sdk.Services.GetRequiredService<IRetention>().PurgeAsync(
            new RetentionOptions { ScriptAge = TimeSpan.FromDays(1), BatchSize = 1, Pause = TimeSpan.FromMinutes(10) }, cancellationToken: stop.Token);
        await Sessions.UntilAsync(database, "SELECT count(*) = 2 FROM public.scripts WHERE content = 'old'"); // the first batch is committed, and the pause begins
        var held = await Sql.ScalarAsync<bool[]>(database, """
            SELECT array_agg(backend_xmin IS NULL AND backend_xid IS NULL) FROM pg_stat_activity
            WHERE datname = current_database() AND state = 'idle in transaction' AND application_name LIKE '%[AiSystemSpec purge lock]'
            """);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => purge);

        Assert.True(Assert.Single(held!));
    }
}

using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Connections;

/// <summary>PgBouncer's own errors, all of one code: repeated where the next try may succeed.</summary>
[Trait("Category", "PgBouncer")]
public sealed class PoolerErrorTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Connections_that_the_pooler_closed_as_idle_are_replaced()
    {
        await using var bouncer = await PgBouncer.StartAsync(postgres.ConnectionString, poolSize: 5, settings: "client_idle_timeout = 1");
        await using var host = HostServices.Over(bouncer.ConnectionString);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(number => host.Scripts.SaveAsync($"{number}"))); // as many idle connections
        await Task.Delay(TimeSpan.FromSeconds(3));

        var saved = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => host.Scripts.SaveAsync($"again {number}")));

        Assert.Equal(20, saved.Length);
        Assert.Equal(30L, await Sql.ScalarAsync<long>(postgres.ConnectionString, "SELECT count(*) FROM public.scripts"));
    }

    [Fact]
    public async Task Server_connection_that_broke_under_a_statement_is_replaced()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "CREATE FUNCTION public.wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_catalog.pg_sleep(1); RETURN NEW; END $$; CREATE TRIGGER wait BEFORE INSERT ON public.scripts FOR EACH ROW EXECUTE FUNCTION public.wait()");
        await using var bouncer = await PgBouncer.StartAsync(database, poolSize: 2);
        await using var host = HostServices.Over(bouncer.ConnectionString);

        var saving = host.Scripts.SaveAsync("x");
        await Sessions.UntilAsync(database, "SELECT count(pg_catalog.pg_terminate_backend(pid)) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'");
        _ = await saving;

        Assert.Equal(1L, await Sql.ScalarAsync<long>(database, "SELECT count(*) FROM public.scripts"));
    }

    [Fact]
    public async Task Time_that_no_server_connection_came_free_in_is_waited_again()
    {
        await using var bouncer = await PgBouncer.StartAsync(postgres.ConnectionString, poolSize: 1, settings: "query_wait_timeout = 1");
        await using var host = HostServices.Over(bouncer.ConnectionString);
        _ = await host.Scripts.GetAsync(Guid.NewGuid());
        await using var other = new NpgsqlConnection(bouncer.ConnectionString + ";Pooling=false");
        await other.OpenAsync();
        var transaction = await other.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand("SELECT 1", other, transaction);
        _ = await hold.ExecuteScalarAsync(); // holds the one server connection

        var getting = host.Scripts.GetAsync(Guid.NewGuid());
        await Task.Delay(TimeSpan.FromSeconds(2)); // past the first wait
        await transaction.RollbackAsync();

        Assert.Null(await getting);
    }

    [Fact]
    public async Task Wrong_password_stays_one()
    {
        await using var bouncer = await PgBouncer.StartAsync(postgres.ConnectionString, poolSize: 2);
        await using var host = HostServices.Over(new NpgsqlConnectionStringBuilder(bouncer.ConnectionString) { Password = "secret-word" }.ConnectionString);

        var error = await Assert.ThrowsAnyAsync<NpgsqlException>(() => host.Scripts.GetAsync(Guid.NewGuid()));

        Assert.Contains("authentication failed", error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secret-word", error.ToString(), StringComparison.Ordinal);
    }
}

using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Migrations;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs.Writing;

/// <summary>Batches are as large as the server's time limits allow.</summary>
public sealed class BatchSizeTests
{
    [Theory]
    [InlineData("57014")]
    [InlineData("session")]
    public async Task Batch_shrinks_until_it_passes_the_time_limit(string how)
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        var limit = how == "session" ? "PERFORM pg_terminate_backend(pg_backend_pid())" : $"RAISE EXCEPTION 'too slow' USING ERRCODE = '{how}'"; // transaction_timeout ends the session
        await Sql.ExecuteAsync(database, $"""
            CREATE FUNCTION public.bound() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN IF (SELECT count(*) FROM added) > 20 THEN {limit}; END IF; RETURN NULL; END $$;
            CREATE TRIGGER bound AFTER INSERT ON public.pipeline_runs REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.bound()
            """);
        await using var host = new RunLogHost(database);
        host.Enqueue("s", 400);
        Assert.Equal(new FlushResult { Written = 400, Spooled = 0, Lost = 0 }, await host.FlushAsync());
        Assert.Equal(400, await host.CountAsync());
    }

    [Fact]
    public async Task Large_rows_of_a_role_with_a_short_time_limit_are_all_stored()
    {
        var rows = Trials.Count(few: 500, full: 3_000);
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var role = await TestRole.CreateAsync(database, GrantKind.App);
        await Sql.ExecuteAsync(database, $"ALTER ROLE {role.Name} SET statement_timeout = '300ms'");
        await using var host = new RunLogHost(role.ConnectionString);
        for (var number = 1; number <= rows; number++)
        {
            host.Logger.Enqueue(new RunLogEntry(host.Run, "s", RunStatus.Success) { Attempts = number, OutputRefs = new JsonObject { ["text"] = Convert.ToHexString(Random.Shared.GetItems<byte>([1, 2, 3, 40, 50, 60, 77, 88, 99], 20_000)) } });
        }

        Assert.Equal(new FlushResult { Written = rows, Spooled = 0, Lost = 0 }, await host.FlushAsync());
        Assert.Equal(rows, await host.CountAsync());
    }

    [Fact]
    public async Task Flush_with_a_spool_waits_for_a_database_that_is_slow()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        using var spool = new SpoolDirectory();
        await using var host = new RunLogHost(database, options => options.RunLog.SpoolDirectory = spool.Path);
        await using var blocker = await Sql.OpenAsync(database);
        await using var transaction = await blocker.BeginTransactionAsync();
        _ = await Sql.Command(blocker, "LOCK TABLE public.pipeline_runs IN SHARE MODE").ExecuteNonQueryAsync();
        host.Enqueue("s", 20);
        var flushing = host.FlushAsync();
        await Task.Delay(TimeSpan.FromSeconds(5)); // beyond the patience with a database that does not answer
        Assert.False(flushing.IsCompleted);
        await transaction.CommitAsync();
        Assert.Equal(new FlushResult { Written = 20, Spooled = 0, Lost = 0 }, await flushing);
    }
}

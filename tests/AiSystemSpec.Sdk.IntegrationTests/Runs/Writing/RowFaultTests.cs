using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Migrations;
using AiSystemSpec.Sdk.Runs.Queue;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs.Writing;

/// <summary>One row is refused and others are not, whatever the server says of it.</summary>
public sealed class RowFaultTests
{
    [Theory]
    [InlineData("AP001")]
    [InlineData("P0001")]
    [InlineData("42501")] // as for a missing right
    [InlineData("42P01")] // as for a missing table
    [InlineData("53100")] // as for a full disk
    [InlineData("25006")] // as for a server that takes only reads
    [InlineData("57014")] // as for a time limit
    [InlineData("40001")] // as for a transaction to be repeated
    [InlineData("55P03")] // as for a lock
    [InlineData("57P01")] // as for the server's end
    [InlineData("08006")] // as for a lost connection
    [InlineData("0A000")] // as for COPY under row level security
    [InlineData("23505")] // as for an id that is there
    [InlineData("XX000")]
    public Task Row_that_a_trigger_refuses_is_set_aside_whatever_the_code(string errorCode) =>
        AssertOneSetAsideAsync(Refusals.Raise(errorCode));

    [Fact]
    public Task Row_on_which_a_cast_fails_is_set_aside() =>
        AssertOneSetAsideAsync(Refusals.Trigger("PERFORM 'public.no_such_table'::regclass"));

    [Fact]
    public Task Row_that_a_check_refuses_is_set_aside() => AssertOneSetAsideAsync(Refusals.Check);

    [Fact]
    public Task Row_that_a_domain_refuses_is_set_aside() => AssertOneSetAsideAsync(Refusals.Domain);

    [Fact]
    public Task Row_that_ends_its_session_is_set_aside() =>
        AssertOneSetAsideAsync(Refusals.Trigger("PERFORM pg_terminate_backend(pg_backend_pid())").Replace("plpgsql", "plpgsql SECURITY DEFINER", StringComparison.Ordinal));

    [Fact]
    public async Task Row_that_a_policy_refuses_is_set_aside()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var role = await TestRole.CreateAsync(database, GrantKind.App);
        await Sql.ExecuteAsync(database, Refusals.Policy);
        await AssertOneSetAsideAsync(database, role.ConnectionString);
    }

    [Fact]
    public async Task Many_bad_rows_among_good_ones_are_set_aside_one_by_one()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, Refusals.Raise("42501", "NEW.attempts % 7 = 0"));
        await using var host = new RunLogHost(database);
        host.Enqueue("s", 700);
        var flushed = await host.FlushAsync();
        Assert.Equal((600, 100, 600), (flushed.Written, flushed.Lost, await host.CountAsync()));
    }

    [Fact]
    public async Task Row_on_its_own_waits_for_another_and_is_set_aside_when_that_one_went_in()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, Refusals.Raise("AP001"));
        using var spool = new SpoolDirectory();
        await using var host = new RunLogHost(database, options => options.RunLog.SpoolDirectory = spool.Path);
        host.Enqueue("bad");
        await host.UntilAsync(RunLogProblem.Refused);
        Assert.Equal(new FlushResult { Written = 0, Spooled = 1, Lost = 0 }, await host.FlushAsync());

        host.Enqueue("good");

        Assert.Equal(new FlushResult { Written = 1, Spooled = 0, Lost = 0, SetAside = 1 }, await host.FlushAsync());
        Assert.Equal(RunLogProblem.None, host.State.Problem);
    }

    [Fact]
    public async Task Row_on_its_own_is_told_by_a_row_that_is_written_directly()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, Refusals.Raise("AP001"));
        await using var host = new RunLogHost(database);
        host.Enqueue("bad");
        await host.UntilAsync(RunLogProblem.Refused);
        _ = await host.Logger.WriteAsync(new RunLogEntry(host.Run, "good", RunStatus.Success));
        Assert.Equal(new FlushResult { Written = 0, Spooled = 0, Lost = 1 }, await host.FlushAsync());
    }

    [Fact]
    public async Task Row_on_its_own_is_written_when_what_refused_it_is_gone()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, Refusals.Raise("AP001"));
        await using var host = new RunLogHost(database);
        host.Enqueue("bad");
        await host.UntilAsync(RunLogProblem.Refused);
        await Sql.ExecuteAsync(database, "DROP TRIGGER refuse ON public.pipeline_runs");
        Assert.Equal(new FlushResult { Written = 1, Spooled = 0, Lost = 0 }, await host.FlushAsync());
    }

    [Fact]
    public async Task Row_on_its_own_is_set_aside_at_the_end()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, Refusals.Raise("AP001"));
        using var spool = new SpoolDirectory();
        await using var host = new RunLogHost(database, options =>
        {
            options.RunLog.SpoolDirectory = spool.Path;
            options.ShutdownTimeout = TimeSpan.FromMinutes(10);
        });
        host.Enqueue("bad");
        await host.EndAsync();
        Assert.Equal(1, host.State.SetAside);
        _ = Assert.Single(Directory.EnumerateFiles(spool.Path, "set-aside.jsonl", SearchOption.AllDirectories));
        Assert.Empty(spool.RowFiles);
    }

    private static async Task AssertOneSetAsideAsync(string refusal)
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, refusal);
        await AssertOneSetAsideAsync(database, database);
    }

    private static async Task AssertOneSetAsideAsync(string database, string connectionString)
    {
        await using var host = new RunLogHost(connectionString);
        host.Enqueue("good", 150);
        host.Enqueue("bad");
        host.Enqueue("good", 150);
        var flushed = await host.FlushAsync();
        Assert.Equal((300, 1), (flushed.Written, flushed.Lost));
        Assert.Equal(300L, await Sql.ScalarAsync<long>(database, "SELECT count(*) FROM public.pipeline_runs WHERE run_id = $1", host.Run));
    }
}

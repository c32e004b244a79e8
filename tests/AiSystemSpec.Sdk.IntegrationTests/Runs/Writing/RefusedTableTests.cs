using System.Globalization;
using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Migrations;
using AiSystemSpec.Sdk.Runs.Queue;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs.Writing;

/// <summary>Every row is refused alike: they wait, as in an outage, and the log and the health check say what it is.</summary>
public sealed class RefusedTableTests
{
    private const int Rows = 300;

    [Theory]
    [InlineData("REVOKE INSERT ON public.pipeline_runs FROM {0}", "GRANT INSERT ON public.pipeline_runs TO {0}")]
    [InlineData("ALTER TABLE public.pipeline_runs RENAME TO elsewhere", "ALTER TABLE public.elsewhere RENAME TO pipeline_runs")]
    [InlineData("ALTER TABLE public.pipeline_runs RENAME COLUMN metrics TO elsewhere", "ALTER TABLE public.pipeline_runs RENAME COLUMN elsewhere TO metrics")]
    [InlineData("ALTER ROLE {0} SET default_transaction_read_only = on", "ALTER ROLE {0} SET default_transaction_read_only = off")]
    [InlineData("ALTER TABLE public.pipeline_runs ADD CONSTRAINT none CHECK (false) NOT VALID", "ALTER TABLE public.pipeline_runs DROP CONSTRAINT none")]
    [InlineData("SELECT 1", "DROP TRIGGER refuse ON public.pipeline_runs", "53100")]
    [InlineData("SELECT 1", "DROP TRIGGER refuse ON public.pipeline_runs", "AP001")]
    public async Task Rows_wait_until_the_table_takes_rows_again(string refusal, string remedy, string? errorCode = null)
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var role = await TestRole.CreateAsync(database, GrantKind.App);
        await Sql.ExecuteAsync(database, string.Format(CultureInfo.InvariantCulture, refusal, role.Name));
        if (errorCode is not null)
        {
            await Sql.ExecuteAsync(database, Refusals.Raise(errorCode, "true"));
        }

        await using var host = new RunLogHost(role.ConnectionString + ";Pooling=false"); // what is set for the role counts from the next session on
        host.Enqueue("s", Rows);
        await host.UntilAsync(RunLogProblem.Refused);
        Assert.Equal(0, host.State.Lost);
        Assert.Contains(host.Warnings, said => said.StartsWith("3021: The database answers, and takes none", StringComparison.Ordinal));
        Assert.DoesNotContain(host.Warnings, said => said.Contains("cannot reach", StringComparison.Ordinal));

        await Sql.ExecuteAsync(database, string.Format(CultureInfo.InvariantCulture, remedy, role.Name));

        Assert.Equal(new FlushResult { Written = Rows, Spooled = 0, Lost = 0 }, await host.FlushAsync());
        Assert.Equal(RunLogProblem.None, host.State.Problem);
    }

    [Fact]
    public async Task Rows_of_a_database_before_its_migrations_wait_for_them()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "ALTER TABLE public.pipeline_runs RENAME TO hidden");
        using var spool = new SpoolDirectory();
        await using var host = new RunLogHost(database, options => options.RunLog.SpoolDirectory = spool.Path);
        host.Enqueue("s", Rows);
        await host.UntilAsync(RunLogProblem.Refused);
        Assert.Equal(new FlushResult { Written = 0, Spooled = Rows, Lost = 0 }, await host.FlushAsync());
        await Sql.ExecuteAsync(database, "ALTER TABLE public.hidden RENAME TO pipeline_runs");
        FlushResult flushed;
        do
        {
            flushed = await host.FlushAsync(); // with a spool it does not wait for what may last
        }
        while (flushed.Spooled > 0);

        Assert.Equal(new FlushResult { Written = Rows, Spooled = 0, Lost = 0 }, flushed);
    }

    [Fact]
    public async Task Dividing_stops_when_nothing_goes_in()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "CREATE SEQUENCE public.tries; GRANT USAGE ON public.tries TO public; " + Refusals.Trigger("PERFORM nextval('public.tries'); RAISE EXCEPTION 'refused' USING ERRCODE = 'AP001'", "true"));
        await using var host = new RunLogHost(database);
        host.Enqueue("s", 5_000);
        await host.UntilAsync(RunLogProblem.Refused);
        Assert.InRange(await Sql.ScalarAsync<long>(database, "SELECT last_value FROM public.tries"), 1, 100);
    }

    [Fact]
    public async Task Good_rows_behind_more_bad_ones_than_a_batch_holds_are_found()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, Refusals.Raise("42501"));
        await using var host = new RunLogHost(database);
        var large = new JsonObject { ["text"] = new string('x', 60_000) };
        for (var row = 0; row < 100; row++)
        {
            host.Logger.Enqueue(new RunLogEntry(host.Run, "bad", RunStatus.Success) { InputRefs = large }); // 6 MB
        }

        await host.UntilAsync(RunLogProblem.Refused);
        host.Enqueue("good", 10);
        Assert.Equal(new FlushResult { Written = 10, Spooled = 0, Lost = 100 }, await host.FlushAsync());
    }

    [Fact]
    public async Task Error_of_the_hosts_own_code_is_no_outage_and_no_rows_fault()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        var isBroken = true;
        var builder = new NpgsqlDataSourceBuilder(database);
        _ = builder.UsePhysicalConnectionInitializer(_ => Throw(), _ => { Throw(); return Task.CompletedTask; });
        await using var source = builder.Build();
        await using var host = new RunLogHost(database, source);
        host.Enqueue("s", Rows);
        await host.UntilAsync(RunLogProblem.Failing);
        Assert.Contains(host.Warnings, said => said.StartsWith("3022: ", StringComparison.Ordinal));

        Volatile.Write(ref isBroken, false);

        Assert.Equal(new FlushResult { Written = Rows, Spooled = 0, Lost = 0 }, await host.FlushAsync());

        void Throw()
        {
            if (Volatile.Read(ref isBroken))
            {
                throw new InvalidCastException("a plugin's");
            }
        }
    }
}

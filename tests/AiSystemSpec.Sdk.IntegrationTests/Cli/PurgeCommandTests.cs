using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Cli;

public sealed class PurgeCommandTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Purge_counts_in_a_dry_run_and_then_deletes_what_its_rules_let_go()
    {
        var database = postgres.ConnectionString;
        await Sql.ExecuteAsync(database, """
            INSERT INTO public.pipeline_runs (run_id, created_at) SELECT 'r', now() - interval '1 day' * n FROM generate_series(0, 9) AS n;
            INSERT INTO public.scripts (content, created_at) SELECT 's', now() - interval '1 hour' * n FROM generate_series(0, 9) AS n
            """);
        string[] rules = ["purge", "--run-age", "5d", "--keep-latest-scripts", "4"];

        var counted = await CliRun.OfAsync(database, [.. rules, "--dry-run"]);
        var left = await CountAsync(database);
        var deleted = await CliRun.OfAsync(database, [.. rules, "--json"]);

        Assert.Equal((0, "Would delete: 0 of research, 0 system events, 6 scripts, 5 of the run log.", "10 10"), (counted.Code, counted.Out.Split('\n')[0], left));
        Assert.Contains("costs and tokens", counted.Out, StringComparison.Ordinal);
        Assert.Equal((0, "5 4"), (deleted.Code, await CountAsync(database)));
        Assert.Contains("\"scriptRows\": 6", deleted.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("purge")]
    [InlineData("purge", "--dry-run")]
    [InlineData("purge", "--run-age", "")]
    [InlineData("purge", "--run-age", "90")]
    [InlineData("purge", "--run-age", "0d")]
    [InlineData("purge", "--run-age", "-1d")]
    [InlineData("purge", "--run-age", "99999999999d")]
    [InlineData("purge", "--keep-latest-scripts", "0")]
    public async Task Purge_without_a_rule_or_with_one_that_makes_no_sense_exits_2_and_deletes_nothing(params string[] arguments)
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "INSERT INTO public.pipeline_runs (run_id, created_at) VALUES ('r', '2001-01-01')");

        Assert.Equal(2, (await CliRun.OfAsync(database, arguments)).Code);

        Assert.Equal("1 0", await CountAsync(database));
    }

    private static Task<string?> CountAsync(string database) =>
        Sql.ScalarAsync<string>(database, "SELECT (SELECT count(*) FROM public.pipeline_runs) || ' ' || (SELECT count(*) FROM public.scripts)");
}

using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs;

/// <summary>
/// Attempts as bigint, the table editor's default for a number: adopt and verify warn of it, and every way of writing and reading takes
/// it.
/// </summary>
public sealed class AttemptsColumnTests
{
    [Fact]
    public async Task Rows_with_attempts_of_bigint_are_written_in_every_way_and_read_back()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "ALTER TABLE public.pipeline_runs ALTER attempts TYPE bigint");
        await Sql.ExecuteAsync(database, "INSERT INTO public.pipeline_runs (run_id, attempts) VALUES ('far', 3000000000)");
        await using var sdk = HostServices.Over(database);

        var direct = await sdk.Runs.WriteAsync(new RunLogEntry("wide", "research", RunStatus.Success) { Attempts = 7 });
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            sdk.Runs.Enqueue(new RunLogEntry("wide", "script", RunStatus.Retry) { Attempts = attempt });
        }

        _ = await sdk.Runs.FlushAsync();
        _ = await sdk.Runs.WriteAsync(new RunLogEntry("wide", "research", RunStatus.Success) { Id = direct.Id, Attempts = 7 }); // there already

        var rows = (await sdk.History.GetRunAsync("wide"))!.Rows;
        Assert.Equal([1, 2, 3, 7], rows.Select(row => row.Attempts!.Value).Order());
        Assert.Equal(int.MaxValue, Assert.Single((await sdk.History.GetRunAsync("far"))!.Rows).Attempts);
        Assert.Equal(4, (await sdk.History.QueryAsync(new RunFilter { RunId = "wide" })).Items.Count);
    }
}

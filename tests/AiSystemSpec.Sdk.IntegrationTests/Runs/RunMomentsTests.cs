using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs;

/// <summary>A moment of the caller's is one moment, whichever way the row comes in.</summary>
public sealed class RunMomentsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    public static TheoryData<DateTimeOffset> Extremes => new()
    {
        DateTimeOffset.MinValue,
        DateTimeOffset.MinValue.AddTicks(9),
        DateTimeOffset.MinValue.AddTicks(10),
        new DateTimeOffset(1, 1, 1, 0, 0, 0, TimeSpan.FromHours(-14)),
        new DateTimeOffset(1, 1, 2, 0, 0, 0, TimeSpan.FromHours(14)),
        new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.FromHours(14)),
        DateTimeOffset.MaxValue.AddTicks(-1),
        DateTimeOffset.MaxValue,
    };

    [Theory]
    [MemberData(nameof(Extremes))]
    public async Task CreatedAt_is_stored_alike_by_every_way_in(DateTimeOffset moment)
    {
        using var spool = new SpoolDirectory();
        var run = $"run-{Guid.NewGuid():N}";
        var entry = new RunLogEntry(run, "s", RunStatus.Success) { CreatedAt = moment };
        await using (var memory = HostServices.Over(postgres.ConnectionString))
        await using (var spooled = HostServices.Over(postgres.ConnectionString, options => options.RunLog.SpoolDirectory = spool.Path))
        {
            _ = await memory.Runs.WriteAsync(entry with { Stage = "direct" });
            memory.Runs.Enqueue(entry with { Stage = "memory" });
            spooled.Runs.Enqueue(entry with { Stage = "spool" });
        }

        Assert.Equal(3L, await Sql.ScalarAsync<long>(postgres.ConnectionString, $"SELECT count(*) FROM pipeline_runs WHERE run_id = '{run}'"));
        Assert.Equal(1L, await Sql.ScalarAsync<long>(postgres.ConnectionString, $"SELECT count(DISTINCT created_at) FROM pipeline_runs WHERE run_id = '{run}'"));
    }
}

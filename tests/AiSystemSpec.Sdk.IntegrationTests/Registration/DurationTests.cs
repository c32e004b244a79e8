using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AiSystemSpec.Sdk.IntegrationTests.Registration;

/// <summary>Durations that no timer counts are waited for as long as one can, and throw nowhere, not even at disposal.</summary>
public sealed class DurationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    public static TheoryData<TimeSpan> Unusual => [TimeSpan.FromDays(60), TimeSpan.FromDays(49.8), TimeSpan.MaxValue];

    [Theory]
    [MemberData(nameof(Unusual))]
    public async Task Services_work_and_end_with(TimeSpan duration)
    {
        using (var host = new HostBuilder().ConfigureServices(services => services
            .AddAiSystemSpec(postgres.ConnectionString, options =>
            {
                options.MaxAge = duration;
                options.ServeStaleFor = duration;
                options.LockWait = duration;
                options.CommandTimeout = duration;
                options.ShutdownTimeout = duration;
            })
            .AddAiSystemSpecRetention(options =>
            {
                options.RunAge = duration;
                options.Interval = duration;
                options.Pause = duration;
            })).Build())
        {
            await host.StartAsync();
            var runs = host.Services.GetRequiredService<IRunLogger>();
            var research = host.Services.GetRequiredService<IResearchCache>();
            var options = new ResearchOptions { LockWait = duration, SoftTimeout = duration, ServeStaleFor = duration, MaxAge = duration };
            _ = await research.GetOrResearchAsync($"topic {duration}", (_, _) => Task.FromResult("x"), options);
            Assert.Equal(ResearchOutcome.Hit, (await research.GetOrResearchAsync($"topic {duration}", (_, _) => Task.FromResult("x"), options)).Outcome);
            _ = await host.Services.GetRequiredService<IScriptStore>().SaveAsync("x");
            for (var number = 0; number < 20; number++)
            {
                runs.Enqueue(new RunLogEntry($"run {duration}", "stage", RunStatus.Success));
            }

            await host.StopAsync();
        }

        Assert.Equal(20L, await Sql.ScalarAsync<long>(postgres.ConnectionString, "SELECT count(*) FROM public.pipeline_runs WHERE run_id = $1", $"run {duration}"));
    }
}

using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Research;

/// <summary>
/// The plans of the statements that the cache sends for one topic, over a table in which a walk would hurt: each of them uses the index
/// of the migrations.
/// </summary>
public sealed class ResearchPlanTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string Index = "ix_research_cache_topic_created_at";

    private static readonly string Long = new('l', 300);

    private readonly StatementLog _log = new();

    public static TheoryData<string> Topics { get; } = ["topic 77", "語", new('l', 300)];

    public async Task InitializeAsync()
    {
        if (await Sql.ScalarAsync<bool>(postgres.ConnectionString, "SELECT EXISTS (SELECT FROM public.research_cache)"))
        {
            return;
        }

        await Sql.ExecuteAsync(
            postgres.ConnectionString,
            """
            INSERT INTO public.research_cache (topic, content, created_at)
            SELECT CASE t WHEN 1 THEN $1 WHEN 2 THEN '語' WHEN 3 THEN 'system' ELSE 'topic ' || t END, 'text', now() - n * interval '1 hour'
            FROM generate_series(1, 2000) AS t, generate_series(1, 5) AS n
            """,
            Long);
        await Sql.ExecuteAsync(postgres.ConnectionString, "ANALYZE public.research_cache");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [MemberData(nameof(Topics))]
    public async Task Every_call_of_a_topic_uses_the_index(string topic)
    {
        await using var source = _log.Open(postgres.ConnectionString);
        await using var sdk = HostServices.Over(source);
        Assert.NotNull(await sdk.Research.GetFreshAsync(topic));
        Assert.NotNull(await sdk.Research.GetLatestAsync(topic));
        Assert.Equal(5, await sdk.Research.GetHistoryAsync(topic).CountAsync());
        Assert.Equal(5, await sdk.Research.GetSystemEventsAsync().CountAsync());
        Assert.Equal(5, await sdk.Research.RemoveAsync(topic));
        Assert.Null(await sdk.Research.GetLatestAsync(topic)); // looks among the rows without a moment, too
        var plans = (await _log.ExplainAsync(postgres.ConnectionString)).Where(plan => plan.Contains(" on research_cache", StringComparison.Ordinal)).ToList();
        Assert.InRange(plans.Count, 7, 20);
        Assert.All(plans, plan => Assert.Contains(Index, plan, StringComparison.Ordinal));
        Assert.All(plans, plan => Assert.DoesNotContain("Seq Scan on research_cache", plan, StringComparison.Ordinal));
    }
}

using System.Text.Json.Serialization;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Research;

public sealed partial class TypedResearchTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly HostServices _sdk = HostServices.Over(postgres.ConnectionString);

    private IResearchCache Cache => _sdk.Research;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _sdk.DisposeAsync();

    [Fact]
    public async Task GetOrResearchAsync_stores_JSON_and_hits_with_the_value()
    {
        var first = await Cache.GetOrResearchAsync("typed", (_, _) => Task.FromResult(new Findings("octopus", 3)), TestJson.Default.Findings);
        Assert.Equal((ResearchOutcome.Researched, new Findings("octopus", 3)), (first.Outcome, first.Value));
        Assert.Equal("""{"Subject":"octopus","Hearts":3}""", first.Entry.Content);
        var second = await Cache.GetOrResearchAsync("typed", (_, _) => Task.FromResult(new Findings("never", 0)), TestJson.Default.Findings);
        Assert.Equal((ResearchOutcome.Hit, first.Value), (second.Outcome, second.Value));
        Assert.Equal(first.Value, await Cache.GetFreshAsync("typed", TestJson.Default.Findings));
    }

    [Theory]
    [InlineData("plain text")]
    [InlineData("null")]
    [InlineData("{\"Subject\":")]
    [InlineData("{\"Subject\":\"x\",\"Hearts\":\"many\"}")]
    public async Task Content_that_does_not_parse_is_a_miss(string content)
    {
        var topic = $"broken {content}";
        _ = await Cache.SaveAsync(topic, content);
        Assert.Null(await Cache.GetFreshAsync(topic, TestJson.Default.Findings));
        var result = await Cache.GetOrResearchAsync(topic, (_, _) => Task.FromResult(new Findings("new", 1)), TestJson.Default.Findings);
        Assert.Equal((ResearchOutcome.Researched, MissReason.Invalid, "new"), (result.Outcome, result.MissReason, result.Value.Subject));
    }

    [Fact]
    public async Task Null_results_and_values_are_refused()
    {
        _ = await Assert.ThrowsAsync<EmptyResearchException>(
            async () => await Cache.GetOrResearchAsync("null", (_, _) => Task.FromResult<Findings>(null!), TestJson.Default.Findings));
        _ = await Assert.ThrowsAsync<ArgumentNullException>(() => Cache.SaveAsync("null", null!, TestJson.Default.Findings));
        Assert.Null(await Cache.GetLatestAsync("null"));
    }

    public sealed record Findings(string Subject, int Hearts);

    [JsonSerializable(typeof(Findings))]
    internal sealed partial class TestJson : JsonSerializerContext;
}

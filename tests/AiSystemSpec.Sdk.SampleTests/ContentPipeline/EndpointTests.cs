using System.Net;
using AiSystemSpec.Sdk.SampleTests.Infrastructure;

namespace AiSystemSpec.Sdk.SampleTests.ContentPipeline;

/// <summary>The program with a model behind an OpenAI-compatible endpoint, a stand-in on loopback.</summary>
public sealed class EndpointTests(SampleServer server) : IClassFixture<SampleServer>
{
    private const string RowsSql =
        "SELECT concat_ws(' ', stage, status, attempts, metrics->>'tokens', trim_scale((metrics->>'cost_usd')::numeric), metrics->>'cache_hit') FROM pipeline_runs WHERE stage IN ('research', 'qa') ORDER BY created_at, id";

    [Fact]
    public async Task Run_busy_endpoint_is_asked_again_and_a_hit_asks_it_no_more()
    {
        using var endpoint = new StandInEndpoint(call => call == 1 ? (HttpStatusCode.TooManyRequests, "slow down") : (HttpStatusCode.OK, "Foxes hear mice under snow.\nThey leap."));

        var (run, database, published) = await RunAsync(endpoint, "--passes", "2", "--price", "0.50");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(2, endpoint.Requests.Count);
        Assert.Contains("A fox listens.", endpoint.Requests[1].RootElement.ToString(), StringComparison.Ordinal);
        Assert.Equal(["research retry 1", "research success 2 2000 0.001 false", "qa success 1", "research success 1 true", "qa success 1"], await SampleServer.ReadAsync(database, RowsSql));
        Assert.Contains("Foxes hear mice under snow.\n\nThey leap.", published, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_refused_key_fails_at_once()
    {
        using var endpoint = new StandInEndpoint(_ => (HttpStatusCode.Unauthorized, "no such key"));

        var (run, database, published) = await RunAsync(endpoint);

        Assert.Equal(1, run.ExitCode);
        _ = Assert.Single(endpoint.Requests);
        Assert.Equal(["research failure 1"], await SampleServer.ReadAsync(database, RowsSql));
        Assert.Null(published);
    }

    [Fact]
    public async Task Run_answer_without_a_word_does_not_pass_qa()
    {
        using var endpoint = new StandInEndpoint(_ => (HttpStatusCode.OK, "?!"));

        var (run, database, published) = await RunAsync(endpoint);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("FAILED: The script did not pass: has_words.", run.Output, StringComparison.Ordinal);
        Assert.Equal(["research success 1 2000 false", "qa failure 1"], await SampleServer.ReadAsync(database, RowsSql));
        Assert.Null(published);
    }

    private async Task<(SampleRun Run, string Database, string? Published)> RunAsync(StandInEndpoint endpoint, params string[] arguments)
    {
        var database = await server.CreateDatabaseAsync();
        using var input = new TemporaryFolder();
        using var output = new TemporaryFolder();
        input.Write("fox.md", "# The fox\n\nA fox listens.");
        var run = await SampleRun.StartAsync("ContentPipeline", ["--connection", database, "--input", input.Path, "--output", output.Path, .. arguments], endpoint.Environment);
        return (run, database, output.FileNames.Contains("fox.md", StringComparer.Ordinal) ? output.Read("fox.md") : null);
    }
}

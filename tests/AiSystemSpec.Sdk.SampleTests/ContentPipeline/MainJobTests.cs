using AiSystemSpec.Sdk.SampleTests.Infrastructure;

namespace AiSystemSpec.Sdk.SampleTests.ContentPipeline;

/// <summary>The built program, as a process, on databases of its own and on given ones.</summary>
public sealed class MainJobTests(SampleServer server) : IClassFixture<SampleServer>
{
    private const string StagesSql = "SELECT split_part(run_id, '/', 2) || ' ' || stage || ' ' || status || coalesce(' hit=' || (metrics->>'cache_hit'), '') COLLATE \"C\" FROM pipeline_runs ORDER BY 1";

    private static readonly string[] Published =
    [
        "a-short-history-of-the-queue.md", "counting-whales-by-ear.md", "how-bread-remembers.md",
        "the-lighthouse-keepers-arithmetic.md", "the-map-that-lied-on-purpose.md", "why-ice-is-slippery.md",
    ];

    [Fact]
    public async Task Run_without_configuration_researches_once_and_hits_in_the_second_pass()
    {
        using var output = new TemporaryFolder();

        var run = await SampleRun.OfPipelineAsync("--output", output.Path);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("Pass 1: 7 runs, 0 failed; 7 researched, 0 from the cache;", run.Output, StringComparison.Ordinal);
        Assert.Contains("Pass 2: 7 runs, 0 failed; 0 researched, 7 from the cache; 0 tokens, $0.0000.", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', run.Output);
        Assert.Equal(Published, output.FileNames);
    }

    [Fact]
    public async Task Run_with_connection_finds_what_the_first_start_left()
    {
        var database = await server.CreateDatabaseAsync();
        using var output = new TemporaryFolder();

        var first = await SampleRun.OfPipelineAsync("--connection", database, "--output", output.Path);
        var stored = await SampleServer.ReadAsync(database, "SELECT topic FROM research_cache ORDER BY topic COLLATE \"C\"");
        var second = await SampleRun.OfPipelineAsync("--connection", database, "--output", output.Path);

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        Assert.Equal(["A Short History of the Queue", "Counting Whales by Ear", "How Bread Remembers", "The Antikythera mechanism", "The Lighthouse Keeper's Arithmetic", "The Map That Lied on Purpose", "Why Ice Is Slippery", "system"], stored);
        Assert.Equal([.. stored, "system"], await SampleServer.ReadAsync(database, "SELECT topic FROM research_cache ORDER BY topic COLLATE \"C\""));
        Assert.Equal(["System Boot", "System Boot"], await SampleServer.ReadAsync(database, "SELECT content FROM research_cache WHERE topic = 'system'"));
        Assert.Equal(["8"], await SampleServer.ReadAsync(database, "SELECT count(*)::text FROM scripts"));
        Assert.Contains("Pass 1: 7 runs, 0 failed; 0 researched, 7 from the cache;", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_document_that_cannot_be_read_fails_its_own_run_only()
    {
        var database = await server.CreateDatabaseAsync();
        using var input = new TemporaryFolder();
        using var output = new TemporaryFolder();
        input.Write("bad.md", [0x23, 0x20, 0xFF, 0xFE, 0x00]);
        input.Write("blank.txt", " \n");
        input.Write("good.md", "# A good one\n\nThis can be read.");
        input.Write("good.txt", "This too.");
        input.Write("settings.json", "{}");

        var run = await SampleRun.OfPipelineAsync("--connection", database, "--input", input.Path, "--output", output.Path);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("FAILED: bad.md is not UTF-8 text.", run.Output, StringComparison.Ordinal);
        Assert.Contains("Left out  settings.json", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Output + run.Error, StringComparison.Ordinal);
        Assert.Equal(["good.md.md", "good.txt.md"], output.FileNames);
        Assert.Equal(
            [
                "bad read failure", "blank read failure",
                "good.md publish success", "good.md qa success", "good.md read success", "good.md research success hit=false", "good.md script success",
                "good.txt publish success", "good.txt qa success", "good.txt read success", "good.txt research success hit=false", "good.txt script success",
            ],
            await SampleServer.ReadAsync(database, StagesSql));
        Assert.Equal(["A good one", "good"], await SampleServer.ReadAsync(database, "SELECT topic FROM research_cache WHERE topic <> 'system' ORDER BY 1"));
    }

    [Fact]
    public async Task Run_artifacts_go_where_their_kind_says()
    {
        var database = await server.CreateDatabaseAsync();
        using var input = new TemporaryFolder();
        using var output = new TemporaryFolder();
        input.Write("a_research.json", "{ \"topic\": \"Stated\", \"title\": \"Not this\" }");
        input.Write("a_script_long.json", "{\"long\":  1}");
        input.Write("a_script_shorts.json", "[1, 2]");
        input.Write("a_voice.json", "null");
        input.Write("b_research.json", "{\"topic\": 7, \"title\": \"By its title\"}");
        input.Write("c_research.json", "[\"" + "\", " + new string('[', 9_000) + new string(']', 9_000) + "]");
        input.Write("d_research.json", "{\"topic\": \"system\"}");
        input.Write("e_research.json", "{ not json");
        input.Write("e_script_long.json", "\"kept\"");

        string[] arguments = ["--connection", database, "--input", input.Path, "--output", output.Path, "--passes", "2"];
        var run = await SampleRun.OfPipelineAsync(arguments);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            ["By its title={\"topic\": 7, \"title\": \"By its title\"}", "Stated={ \"topic\": \"Stated\", \"title\": \"Not this\" }", "c=" + input.Read("c_research.json")],
            await SampleServer.ReadAsync(database, "SELECT topic || '=' || content COLLATE \"C\" FROM research_cache WHERE topic <> 'system' ORDER BY 1"));
        Assert.Equal(["\"kept\"", "[1, 2]", "{\"long\":  1}"], await SampleServer.ReadAsync(database, "SELECT content FROM scripts ORDER BY content COLLATE \"C\""));
        Assert.Equal([Path.Combine(input.Path, "a_voice.json")], await SampleServer.ReadAsync(database, "SELECT DISTINCT output_refs->>'voice' FROM pipeline_runs WHERE stage = 'voice'"));
        Assert.Equal(
            ["d research failure", "e research failure"],
            await SampleServer.ReadAsync(database, "SELECT DISTINCT split_part(run_id, '/', 2) || ' ' || stage || ' ' || status FROM pipeline_runs WHERE status <> 'success' ORDER BY 1"));
    }
}

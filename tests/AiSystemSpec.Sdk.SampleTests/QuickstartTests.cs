using AiSystemSpec.Sdk.SampleTests.Infrastructure;

namespace AiSystemSpec.Sdk.SampleTests;

public sealed class QuickstartTests
{
    [Fact]
    public async Task Run_prints_a_miss_and_a_hit()
    {
        var run = await SampleRun.StartAsync("Quickstart", [], new Dictionary<string, string>(StringComparer.Ordinal));

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal("Call 1: Researched. What a model wrote about solar sails.\nCall 2: Hit. What a model wrote about solar sails.\n", run.Output.ReplaceLineEndings("\n"));
    }
}

using AiSystemSpec.Sdk.SampleTests.Infrastructure;

namespace AiSystemSpec.Sdk.SampleTests;

public sealed class SessionSyncTests
{
    [Fact]
    public async Task Reader_that_was_killed_comes_back_and_has_missed_nothing()
    {
        var run = await SampleRun.StartAsync("SessionSync", [], new Dictionary<string, string>(StringComparer.Ordinal));

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var lines = run.Output.ReplaceLineEndings("\n").TrimEnd().Split('\n');
        Assert.Equal("The reader has 6 of 6 scenes.", lines[^1]);
        var killed = Array.IndexOf(lines, "reader: killed");
        Assert.True(Array.IndexOf(lines, "reader: begins") < killed && killed < Array.IndexOf(lines, "reader: goes on"));
        Assert.True(Array.IndexOf(lines, "reader: scene 4") > killed);
        Assert.DoesNotContain("reader: scene 1", lines[killed..]); // it went on from its cursor
    }
}

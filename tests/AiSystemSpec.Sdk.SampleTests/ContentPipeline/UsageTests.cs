using AiSystemSpec.Sdk.SampleTests.Infrastructure;
using ContentPipeline.CommandLine;

namespace AiSystemSpec.Sdk.SampleTests.ContentPipeline;

public sealed class UsageTests
{
    [Theory]
    [InlineData("--nothing")]
    [InlineData("document.md")]
    [InlineData("--input")]
    [InlineData("--input", "/no/such/folder")]
    [InlineData("--connection", "--passes")]
    [InlineData("--passes", "0")]
    [InlineData("--passes=two")]
    [InlineData("--price", "cheap")]
    [InlineData("--input", ".", "--output", "./")]
    public void Parse_wrong_usage_is_a_sentence(params string[] arguments)
    {
        var wrong = Assert.Throws<UsageException>(() => PipelineOptionsParser.Parse(arguments));

        Assert.EndsWith(".", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_passes_are_one_on_a_database_that_stays()
    {
        Assert.Equal(2, PipelineOptionsParser.Parse(["--input=."]).Passes);
        Assert.Equal(1, PipelineOptionsParser.Parse(["--input", ".", "--connection", "Host=localhost"]).Passes);
        Assert.Equal(3, PipelineOptionsParser.Parse(["--passes", "3", "--input", ".", "--connection=Host=localhost"]).Passes);
    }

    [Theory]
    [InlineData(ExitCode.Usage, "--input", "/no/such/folder")]
    [InlineData(ExitCode.Usage, "--connection", "no connection string")]
    [InlineData(ExitCode.Failed, "--connection", "Host=127.0.0.1;Port=1;Username=nobody")]
    public async Task Start_that_fails_says_why_in_one_line(int exitCode, params string[] arguments)
    {
        var run = await SampleRun.OfPipelineAsync(arguments);

        Assert.Equal(exitCode, run.ExitCode);
        _ = Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("   at ", run.Output + run.Error, StringComparison.Ordinal);
    }
}

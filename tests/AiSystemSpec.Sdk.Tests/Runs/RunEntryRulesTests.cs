using AiSystemSpec.Sdk.Runs.Formatting;

namespace AiSystemSpec.Sdk.Tests.Runs;

public sealed class RunEntryRulesTests
{
    [Theory]
    [InlineData(null, "s", "success", 1, "RunId")]
    [InlineData(" ", "s", "success", 1, "RunId")]
    [InlineData("r", null, "success", 1, "Stage")]
    [InlineData("r", "\t", "success", 1, "Stage")]
    [InlineData("r", "s", "warning", 1, "Status")]
    [InlineData("r", "s", "", 1, "Status")]
    [InlineData("r", "s", "Success", 1, "Status")]
    [InlineData("r", "s", "success", 0, "Attempts")]
    public void Entry_that_breaks_the_contract_is_refused_by_name(
        string? runId, string? stage, string status, int attempts, string argument)
    {
        var entry = new RunLogEntry(runId!, stage!, new RunStatus(status)) { Attempts = attempts };
        var refused = Assert.ThrowsAny<ArgumentException>(() => RunEntryRules.ThrowIfBroken(entry));
        Assert.Equal(argument, refused.ParamName);
    }

    [Fact]
    public void Empty_id_is_refused() =>
        Assert.Equal("Id", Assert.Throws<ArgumentException>(() => RunEntryRules.ThrowIfBroken(new RunLogEntry("r", "s", RunStatus.Success) { Id = Guid.Empty })).ParamName);
}

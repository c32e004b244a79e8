using AiSystemSpec.Sdk.Retention.Purging;

namespace AiSystemSpec.Sdk.Tests.Retention;

public sealed class RetentionChecksTests
{
    public static TheoryData<string, Action<RetentionOptions>> Wrong => new()
    {
        { "ResearchAge", options => options.ResearchAge = TimeSpan.Zero },
        { "SystemEventAge", options => options.SystemEventAge = TimeSpan.FromDays(-1) },
        { "ScriptAge", options => options.ScriptAge = TimeSpan.Zero },
        { "RunAge", options => options.RunAge = TimeSpan.Zero },
        { "RunAgesByStatus[failure]", options => options.RunAgesByStatus[RunStatus.Failure] = TimeSpan.Zero },
        { "RunAgesByStatus", options => options.RunAgesByStatus = null! },
        { "KeepLatestPerTopic", options => options.KeepLatestPerTopic = 0 },
        { "KeepLatestScripts", options => options.KeepLatestScripts = -1 },
        { "BatchSize", options => options.BatchSize = 0 },
        { "BatchSize", options => options.BatchSize = RetentionOptions.MaxBatchSize + 1 },
        { "Pause", options => options.Pause = TimeSpan.FromMilliseconds(-1) },
        { "Interval", options => options.Interval = TimeSpan.Zero },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void FindFailures_of_a_wrong_value_names_property_and_remedy(string property, Action<RetentionOptions> change)
    {
        var options = new RetentionOptions();
        change(options);
        var failure = Assert.Single(RetentionChecks.FindFailures(options));
        Assert.StartsWith($"RetentionOptions.{property} is ", failure, StringComparison.Ordinal);
        Assert.Contains(" Set it to ", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void FindFailures_of_defaults_and_edges_finds_none()
    {
        Assert.Empty(RetentionChecks.FindFailures(new RetentionOptions()));
        Assert.Empty(RetentionChecks.FindFailures(new RetentionOptions
        {
            ResearchAge = TimeSpan.FromTicks(1),
            RunAgesByStatus = { [RunStatus.Failure] = null },
            KeepLatestPerTopic = 1,
            BatchSize = RetentionOptions.MaxBatchSize,
            Pause = TimeSpan.Zero,
        }));
    }
}

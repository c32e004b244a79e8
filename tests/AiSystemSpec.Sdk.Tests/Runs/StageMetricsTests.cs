using System.Text.Json;
using AiSystemSpec.Sdk.Rows;
using AiSystemSpec.Sdk.Runs.History;

namespace AiSystemSpec.Sdk.Tests.Runs;

public sealed class StageMetricsTests
{
    [Theory]
    [InlineData("""{"latency_ms":1,"tokens":2,"cost_usd":0.5,"cache_hit":true,"retry_count":3,"model":"small"}""")]
    [InlineData("""{"latency":1,"cost":0.50}""")]
    [InlineData("""{"tokens":"many","cache_hit":"yes","latency_ms":1.5}""")]
    [InlineData("""{"latency_ms":"slow","latency":5}""")]
    [InlineData("[1,2]")]
    [InlineData("\"text\"")]
    public void Metrics_are_written_back_as_they_came(string json)
    {
        var written = StageMetricsJson.Format(StageMetricsJson.Parse(json)!);
        Assert.True(System.Text.Json.Nodes.JsonNode.DeepEquals(System.Text.Json.Nodes.JsonNode.Parse(json), System.Text.Json.Nodes.JsonNode.Parse(written)), written);
    }

    [Fact]
    public void Values_of_another_type_read_as_absent_and_stay_in_Additional()
    {
        var metrics = StageMetricsJson.Parse("""{"latency_ms":"slow","tokens":12.0,"cost":1.25,"retry_count":3000000000}""")!;
        Assert.Equal((null, 12L, 1.25m, null), (metrics.LatencyMs, metrics.Tokens, metrics.CostUsd, metrics.RetryCount));
        Assert.Equal(["latency_ms", "retry_count"], metrics.Additional.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Status_is_a_plain_string_compared_ordinally()
    {
        Assert.Equal("\"warning\"", JsonSerializer.Serialize(new RunStatus("warning")));
        Assert.Equal(RunStatus.Success, JsonSerializer.Deserialize<RunStatus>("\"success\""));
        Assert.NotEqual(RunStatus.Success, new RunStatus("Success"));
        Assert.Equal(("", false), (default(RunStatus).Value, default(RunStatus).IsKnown));
        Assert.True(RunStatus.TryParse("retry", null, out var parsed) && parsed == RunStatus.Retry && parsed.IsKnown);
    }

    [Theory]
    [InlineData("root:script:2", "script", "root")]
    [InlineData("a:b:script:12", "script", "a:b")]
    [InlineData("a:b:c:1", "b:c", "a")]
    [InlineData("root:script:x", "script", null)]
    [InlineData("root:script:", "script", null)]
    [InlineData(":script:1", "script", null)]
    [InlineData("root:other:1", "script", null)]
    public void RootOf_takes_an_id_apart_by_its_rows_stage(string runId, string stage, string? root) =>
        Assert.Equal(root, RunIdSpelling.RootOf(runId, stage));
}

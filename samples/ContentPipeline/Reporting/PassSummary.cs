using System.Globalization;
using AiSystemSpec.Sdk;
using ContentPipeline.Pipelines;

namespace ContentPipeline.Reporting;

/// <summary>One pass in one sentence.</summary>
internal static class PassSummary
{
    public static string Of(int pass, IReadOnlyList<RunReport> reports, IReadOnlyCollection<RunTimeline> runs)
    {
        var research = runs.SelectMany(run => run.Rows).Where(row => row.Stage is Stages.Research && row.Status == RunStatus.Success).ToList();
        var hits = research.Count(row => row.Metrics?.CacheHit == true);
        var failed = reports.Count(report => report.Error is not null);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Pass {pass}: {reports.Count} runs, {failed} failed; {research.Count - hits} researched, {hits} from the cache; {runs.Sum(run => run.Tokens):N0} tokens, ${runs.Sum(run => run.CostUsd):0.0000}.");
    }
}

using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Runs.Formatting;

namespace AiSystemSpec.Sdk.Runs.Stages;

/// <summary>The activity of one attempt at a stage.</summary>
internal static class StageActivity
{
    /// <summary>
    /// Starts one under the current activity; where there is none, under a parent made of the run's id, so that a run is one trace,
    /// whoever works at it.
    /// </summary>
    public static Activity? Start(RowFormatter formatter, string runId, string stage, int attempt)
    {
        if (!Instruments.Activities.HasListeners())
        {
            return null;
        }

        (runId, stage) = (formatter.NameOf(runId), formatter.NameOf(stage)); // secrets go into no trace either
        var parent = Activity.Current is null ? ContextOf(runId) : default;
        var activity = Instruments.Activities.StartActivity($"stage {stage}", ActivityKind.Internal, parent);
        return activity?
            .SetTag("aisystemspec.run_id", runId)
            .SetTag("aisystemspec.stage", stage)
            .SetTag("aisystemspec.attempt", attempt);
    }

    public static void End(RowFormatter formatter, Activity? activity, RunStatus status, string? errorSummary)
    {
        if (activity is null)
        {
            return;
        }

        _ = activity.SetTag("aisystemspec.status", status.Value);
        if (status == RunStatus.Failure || status == RunStatus.Retry)
        {
            _ = activity.SetStatus(ActivityStatusCode.Error, formatter.SummaryOf(errorSummary));
        }

        activity.Dispose();
    }

    private static ActivityContext ContextOf(string runId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(Encoding.UTF8.GetBytes(runId), hash);
        return new ActivityContext(
            ActivityTraceId.CreateFromBytes(hash[..16]), ActivitySpanId.CreateFromBytes(hash[16..24]), ActivityTraceFlags.Recorded, traceState: null, isRemote: true);
    }
}

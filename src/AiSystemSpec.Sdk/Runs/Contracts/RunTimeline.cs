namespace AiSystemSpec.Sdk;

/// <summary>All rows of one run.</summary>
public sealed record RunTimeline
{
    /// <summary>Gets the run's id: the root, where the rows are written as <c>root:stage:attempt</c>.</summary>
    public string RunId { get; init; } = "";

    /// <summary>Gets the rows, oldest first (<c>created_at, id</c>); rows without <c>created_at</c> come last.</summary>
    public IReadOnlyList<PipelineRun> Rows { get; init; } = [];

    /// <summary>
    /// Gets when the first attempt began, as far as its row tells: the earliest <c>created_at</c> minus the latency that its row states.
    /// </summary>
    /// <value>Null where no row states a moment.</value>
    public DateTimeOffset? StartedAt => Rows.Min(StartOf);

    /// <summary>Gets the moment of the last row that states one.</summary>
    public DateTimeOffset? EndedAt => Rows.Max(row => row.CreatedAt);

    /// <summary>Gets the sum of the tokens that the rows state.</summary>
    public long Tokens => Rows.Sum(row => row.Metrics?.Tokens ?? 0);

    /// <summary>Gets the sum of the costs that the rows state, in US dollars.</summary>
    public decimal CostUsd => Rows.Sum(row => row.Metrics?.CostUsd ?? 0);

    private static DateTimeOffset? StartOf(PipelineRun row) => row.CreatedAt is not { } endedAt ? null
        : row.Metrics?.LatencyMs is > 0 and var latency && latency < (endedAt - DateTimeOffset.MinValue).TotalMilliseconds ? endedAt.AddMilliseconds(-latency)
        : endedAt;
}

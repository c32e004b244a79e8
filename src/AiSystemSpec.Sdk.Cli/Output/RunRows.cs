namespace AiSystemSpec.Sdk.Cli.Output;

/// <summary>Rows of the run log, for people and for programs.</summary>
internal static class RunRows
{
    public static TextTable Table(IReadOnlyList<PipelineRun> rows)
    {
        var table = new TextTable(
            new Column("CREATED", IsNumber: true) { Spare = 2 },
            "RUN",
            "STAGE",
            "STATUS",
            new Column("ATTEMPT", IsNumber: true),
            new Column("LATENCY", IsNumber: true),
            new Column("TOKENS", IsNumber: true),
            new Column("COST", IsNumber: true),
            new Column("HIT") { Spare = 1 });
        foreach (var row in rows)
        {
            table.Add(
                [
                    Cell.OfMoment(row.CreatedAt),
                    row.RunId,
                    row.Stage,
                    Cell.OfStatus(row.Status?.Value),
                    Cell.Of(row.Attempts),
                    Cell.OfMilliseconds(row.Metrics?.LatencyMs),
                    Cell.Of(row.Metrics?.Tokens),
                    Cell.OfUsd(row.Metrics?.CostUsd),
                    row.Metrics?.CacheHit is { } hit ? (hit ? "yes" : "no") : null,
                ],
                row.ErrorSummary);
        }

        return table;
    }

    /// <summary>Every column, as it is stored; the metrics once more by their names, and whole.</summary>
    public static object Exact(PipelineRun row) => new
    {
        row.Id,
        row.RunId,
        row.Stage,
        row.Status,
        row.Attempts,
        row.InputRefs,
        row.OutputRefs,
        row.ErrorSummary,
        row.Metrics?.LatencyMs,
        row.Metrics?.Tokens,
        row.Metrics?.CostUsd,
        row.Metrics?.CacheHit,
        row.Metrics?.RetryCount,
        AdditionalMetrics = row.Metrics?.Additional,
        row.CreatedAt,
    };
}

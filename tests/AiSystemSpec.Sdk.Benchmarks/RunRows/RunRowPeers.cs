using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.Benchmarks.Databases;
using Dapper;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace AiSystemSpec.Sdk.Benchmarks.RunRows;

/// <summary>
/// Writing one row of <c>pipeline_runs</c> without the SDK. Refs and metrics are made into JSON at each call, as they are for the SDK.
/// </summary>
internal static class RunRowPeers
{
    private const string HandWrittenSql =
        """
        INSERT INTO public.pipeline_runs (run_id, stage, status, attempts, input_refs, output_refs, metrics)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        RETURNING id, created_at
        """;

    private const string DapperSql =
        """
        INSERT INTO public.pipeline_runs (run_id, stage, status, attempts, input_refs, output_refs, metrics)
        VALUES (@RunId, @Stage, @Status, @Attempts, CAST(@InputRefs AS jsonb), CAST(@OutputRefs AS jsonb), CAST(@Metrics AS jsonb))
        RETURNING id, created_at AS CreatedAt
        """;

    public static async Task<PipelineRun> HandWrittenAsync(NpgsqlDataSource dataSource, RunLogEntry entry)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(HandWrittenSql, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = entry.RunId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = entry.Stage });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = entry.Status.Value });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = entry.Attempts });
        command.Parameters.Add(Json(entry.InputRefs!.ToJsonString()));
        command.Parameters.Add(Json(entry.OutputRefs!.ToJsonString()));
        command.Parameters.Add(Json(MetricsOf(entry)));
        await using var reader = await command.ExecuteReaderAsync();
        _ = await reader.ReadAsync();
        return new PipelineRun
        {
            Id = reader.GetGuid(0),
            RunId = entry.RunId,
            Stage = entry.Stage,
            Status = entry.Status,
            Attempts = entry.Attempts,
            InputRefs = entry.InputRefs,
            OutputRefs = entry.OutputRefs,
            Metrics = entry.Metrics,
            CreatedAt = reader.GetFieldValue<DateTimeOffset>(1),
        };
    }

    public static async Task<DapperResearch> DapperAsync(NpgsqlDataSource dataSource, RunLogEntry entry)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QuerySingleAsync<DapperResearch>(DapperSql, new
        {
            entry.RunId,
            entry.Stage,
            Status = entry.Status.Value,
            entry.Attempts,
            InputRefs = entry.InputRefs!.ToJsonString(),
            OutputRefs = entry.OutputRefs!.ToJsonString(),
            Metrics = MetricsOf(entry),
        });
    }

    public static async Task<PipelineRun> EfAsync(IDbContextFactory<AiSystemSpecDbContext> contexts, RunLogEntry entry)
    {
        await using var context = await contexts.CreateDbContextAsync();
        var run = new PipelineRun
        {
            RunId = entry.RunId,
            Stage = entry.Stage,
            Status = entry.Status,
            Attempts = entry.Attempts,
            InputRefs = entry.InputRefs,
            OutputRefs = entry.OutputRefs,
            Metrics = entry.Metrics,
        };
        _ = context.PipelineRuns.Add(run);
        _ = await context.SaveChangesAsync();
        return run;
    }

    private static string MetricsOf(RunLogEntry entry) => new JsonObject
    {
        ["latency_ms"] = entry.Metrics!.LatencyMs,
        ["tokens"] = entry.Metrics.Tokens,
        ["cost_usd"] = entry.Metrics.CostUsd,
        ["cache_hit"] = entry.Metrics.CacheHit,
        ["retry_count"] = entry.Metrics.RetryCount,
    }.ToJsonString();

    private static NpgsqlParameter<string> Json(string json) =>
        new NpgsqlParameter<string> { TypedValue = json, NpgsqlDbType = NpgsqlDbType.Jsonb };
}

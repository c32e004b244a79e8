using System.Globalization;
using AiSystemSpec.Sdk.Benchmarks.Databases;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;

namespace AiSystemSpec.Sdk.Benchmarks.RunLogs;

/// <summary>Many rows from the first call to the last commit. Every peer has a table of its own, emptied between slices.</summary>
internal static class BackgroundBenchmark
{
    private const int Rows = 50_000;
    private const int Flushes = 20;
    private const string Metrics = """{"latency_ms":1840,"tokens":2310,"cache_hit":false}""";

    public static async Task RunAsync(BenchmarkServer server, int rounds)
    {
        var (copyTo, unnestTo, efTo, sdkTo) = (await server.CreateDatabaseAsync(), await server.CreateDatabaseAsync(), await server.CreateDatabaseAsync(), await server.CreateDatabaseAsync());
        var (securedTo, granted) = await CreateSecuredAsync(server);
        await using var copy = NpgsqlDataSource.Create(copyTo);
        await using var unnest = NpgsqlDataSource.Create(unnestTo);
        await using var ef = new EfHost(efTo);
        await using var sdk = new ServiceCollection().AddAiSystemSpec(sdkTo, options => options.RunLog.QueueCapacity = Rows).BuildServiceProvider();
        await using var secured = new ServiceCollection().AddAiSystemSpec(granted, options => options.RunLog.QueueCapacity = Rows).BuildServiceProvider();
        var (logger, securedLogger) = (sdk.GetRequiredService<IRunLogger>(), secured.GetRequiredService<IRunLogger>());
        await new Turns("Background rows, from the first call to the last commit", Rows,
        [
            ("COPY BINARY, one statement", rows => CopyAsync(copy, rows), () => EmptyAsync(copyTo)),
            ("SDK, Enqueue and FlushAsync", rows => SdkAsync(logger, rows), () => EmptyAsync(sdkTo)),
            ("SDK, granted role under row level security", rows => SdkAsync(securedLogger, rows), () => EmptyAsync(securedTo)),
            ("unnest, 5,000 rows a statement", rows => UnnestAsync(unnest, rows), () => EmptyAsync(unnestTo)),
            ("EF Core, AddRange, 5,000 rows a save", rows => EfAsync(ef, rows), () => EmptyAsync(efTo)),
        ]).RunAsync(rounds);
        await new Turns("One background row and a flush", Flushes,
        [
            ("SDK, owner", flushes => FlushEachAsync(logger, flushes), () => EmptyAsync(sdkTo)),
            ("SDK, granted role under row level security", flushes => FlushEachAsync(securedLogger, flushes), () => EmptyAsync(securedTo)),
        ]).RunAsync(rounds);
    }

    /// <summary>A database as Supabase's roles meet it: COPY is refused there.</summary>
    private static async Task<(string Owner, string Granted)> CreateSecuredAsync(BenchmarkServer server)
    {
        const string Role = "benchmark_app";
        var owner = await server.CreateDatabaseAsync();
        await BenchmarkServer.ExecuteAsync(
            owner,
            $"CREATE ROLE {Role} LOGIN PASSWORD '{Role}'; ALTER TABLE public.pipeline_runs ENABLE ROW LEVEL SECURITY; GRANT SELECT, INSERT ON public.pipeline_runs TO {Role}; "
            + $"CREATE POLICY app ON public.pipeline_runs TO {Role} USING (true) WITH CHECK (true)");
        return (owner, new NpgsqlConnectionStringBuilder(owner) { Username = Role, Password = Role }.ConnectionString);
    }

    private static async Task FlushEachAsync(IRunLogger logger, int flushes)
    {
        for (var flush = 0; flush < flushes; flush++)
        {
            logger.Enqueue(new RunLogEntry("run-1", "research", RunStatus.Success));
            _ = await logger.FlushAsync();
        }
    }

    private static async Task SdkAsync(IRunLogger logger, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            logger.Enqueue(new RunLogEntry(RunOf(row), "research", RunStatus.Success) { Metrics = new StageMetrics { LatencyMs = 1_840, Tokens = 2_310, CacheHit = false } });
        }

        if ((await logger.FlushAsync()).Lost > 0)
        {
            throw new InvalidOperationException("Rows were lost: what was measured is not the work.");
        }
    }

    private static async Task CopyAsync(NpgsqlDataSource dataSource, int rows)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var import = await connection.BeginBinaryImportAsync("COPY public.pipeline_runs (id, run_id, stage, status, attempts, metrics, created_at) FROM STDIN (FORMAT BINARY)");
        for (var row = 0; row < rows; row++)
        {
            await import.StartRowAsync();
            await import.WriteAsync(Guid.CreateVersion7(), NpgsqlDbType.Uuid);
            await import.WriteAsync(RunOf(row), NpgsqlDbType.Text);
            await import.WriteAsync("research", NpgsqlDbType.Text);
            await import.WriteAsync("success", NpgsqlDbType.Text);
            await import.WriteAsync(1, NpgsqlDbType.Integer);
            await import.WriteAsync(Metrics, NpgsqlDbType.Jsonb);
            await import.WriteAsync(DateTime.UtcNow, NpgsqlDbType.TimestampTz);
        }

        _ = await import.CompleteAsync();
    }

    private static async Task UnnestAsync(NpgsqlDataSource dataSource, int rows)
    {
        for (var first = 0; first < rows; first += 5_000)
        {
            var numbers = Enumerable.Range(first, 5_000).ToArray();
            await using var command = dataSource.CreateCommand(
                "INSERT INTO public.pipeline_runs (id, run_id, stage, status, attempts, metrics, created_at) SELECT a, b, c, d, e, f::jsonb, g FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[], $7::timestamptz[]) AS r (a, b, c, d, e, f, g)");
            command.Parameters.Add(new NpgsqlParameter { Value = numbers.Select(_ => Guid.CreateVersion7()).ToArray() });
            command.Parameters.Add(new NpgsqlParameter { Value = numbers.Select(RunOf).ToArray() });
            command.Parameters.Add(new NpgsqlParameter { Value = numbers.Select(_ => "research").ToArray() });
            command.Parameters.Add(new NpgsqlParameter { Value = numbers.Select(_ => "success").ToArray() });
            command.Parameters.Add(new NpgsqlParameter { Value = numbers.Select(_ => 1).ToArray() });
            command.Parameters.Add(new NpgsqlParameter { Value = numbers.Select(_ => Metrics).ToArray() });
            command.Parameters.Add(new NpgsqlParameter { Value = numbers.Select(_ => DateTime.UtcNow).ToArray() });
            _ = await command.ExecuteNonQueryAsync();
        }
    }

    private static async Task EfAsync(EfHost host, int rows)
    {
        for (var first = 0; first < rows; first += 5_000)
        {
            await using var context = await host.Contexts.CreateDbContextAsync();
            context.PipelineRuns.AddRange(Enumerable.Range(first, 5_000).Select(row => new PipelineRun
            {
                Id = Guid.CreateVersion7(),
                RunId = RunOf(row),
                Stage = "research",
                Status = RunStatus.Success,
                Attempts = 1,
                Metrics = new StageMetrics { LatencyMs = 1_840, Tokens = 2_310, CacheHit = false },
                CreatedAt = TimeProvider.System.GetUtcNow(),
            }));
            _ = await context.SaveChangesAsync();
        }
    }

    private static string RunOf(int row) => string.Create(CultureInfo.InvariantCulture, $"run-{row / 8:D8}");

    private static Task EmptyAsync(string connectionString) =>
        BenchmarkServer.ExecuteAsync(connectionString, "TRUNCATE public.pipeline_runs");
}

using System.Diagnostics;
using System.Globalization;
using AiSystemSpec.Sdk.Benchmarks.Databases;
using AiSystemSpec.Sdk.Benchmarks.Harness;
using Npgsql;

namespace AiSystemSpec.Sdk.Benchmarks.Transfers;

/// <summary>Export and import of scripts beside what <c>\copy</c> of psql does: the same rows, in turns, on one server.</summary>
internal static class TransferBenchmark
{
    private const int Rows = 100_000;
    private const double LeastRatio = 0.5;
    private const string Truncate = "TRUNCATE public.scripts";

    public static async Task RunAsync(BenchmarkServer server, RunOptions options)
    {
        var (from, to) = (await server.CreateDatabaseAsync(), await server.CreateDatabaseAsync());
        await BenchmarkServer.ExecuteAsync(
            from, $"INSERT INTO public.scripts (content, created_at) SELECT repeat(md5(i::text), 125), now() - i * interval '1 s' FROM generate_series(1, {Rows}) i");
        await BenchmarkServer.VacuumAsync(from);
        var folder = Directory.CreateTempSubdirectory("aisystemspec-transfer-");
        var (lines, csv) = (Path.Combine(folder.FullName, "scripts.jsonl"), Path.Combine(folder.FullName, "scripts.csv"));
        await using (var source = new SdkHost(from))
        await using (var target = new SdkHost(to))
        {
            var times = new Dictionary<string, List<double>>(StringComparer.Ordinal);
            for (var round = 0; round < options.Rounds; round++)
            {
                await TimeAsync(times, "export, SDK", () => ExportAsync(source, lines));
                await TimeAsync(times, "export, \\copy", () => CopyAsync(from, $"\\copy public.scripts TO '{csv}' CSV HEADER"));
                await BenchmarkServer.ExecuteAsync(to, Truncate);
                await TimeAsync(times, "import, SDK", () => ImportAsync(target, lines));
                await BenchmarkServer.ExecuteAsync(to, Truncate);
                await TimeAsync(times, "import, \\copy", () => CopyAsync(to, $"\\copy public.scripts FROM '{csv}' CSV HEADER"));
                await BenchmarkServer.ExecuteAsync(to, Truncate);
                await TimeAsync(times, "import of CSV, SDK", () => ImportAsync(target, csv));
            }

            Print(times);
        }

        folder.Delete(recursive: true);
    }

    private static void Print(Dictionary<string, List<double>> times)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{Rows:N0} scripts of 4 KB: rows a second, and of those of psql's \\copy in the same run"));
        foreach (var (name, seconds) in times)
        {
            var peer = $"{name.Split([' ', ','], 2)[0]}, \\copy";
            var ratio = Median(times[peer]) / Median(seconds);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {name,-20} {Rows / Median(seconds),10:N0}   {ratio:N2} {(ratio >= LeastRatio ? "meets" : "MISSES")} ≥ {LeastRatio}"));
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static async Task TimeAsync(Dictionary<string, List<double>> times, string name, Func<Task> work)
    {
        var time = Stopwatch.StartNew();
        await work();
        _ = times.TryAdd(name, []);
        times[name].Add(time.Elapsed.TotalSeconds);
    }

    private static async Task ExportAsync(SdkHost host, string file)
    {
        await using var stream = File.Create(file);
        Check(await host.Scripts.ExportAsync(stream));
    }

    private static async Task ImportAsync(SdkHost host, string file)
    {
        await using var stream = File.OpenRead(file);
        Check((await host.Scripts.ImportAsync(stream)).Imported);
    }

    private static void Check(long rows)
    {
        if (rows != Rows)
        {
            throw new InvalidOperationException($"{rows} rows instead of {Rows}.");
        }
    }

    private static async Task CopyAsync(string connectionString, string command)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        var start = new ProcessStartInfo("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", command]);
        start.Environment["PGHOST"] = connection.Host;
        start.Environment["PGPORT"] = connection.Port.ToString(CultureInfo.InvariantCulture);
        start.Environment["PGUSER"] = connection.Username;
        start.Environment["PGPASSWORD"] = connection.Password;
        start.Environment["PGDATABASE"] = connection.Database;
        using var psql = Process.Start(start)!;
        await psql.WaitForExitAsync();
        if (psql.ExitCode != 0)
        {
            throw new InvalidOperationException("psql failed.");
        }
    }
}

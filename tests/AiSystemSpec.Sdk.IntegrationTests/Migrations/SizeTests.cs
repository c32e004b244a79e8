using System.Diagnostics;
using System.Globalization;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Migrations;
using AiSystemSpec.Sdk.Testing;
using Npgsql;
using Xunit.Abstractions;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>
/// Large tables are adopted and migrated beside readers and writers of another process, on a server of its own, by an owner that is no
/// superuser and whose role has Supabase's time limits.
/// </summary>
public sealed class SizeTests(ITestOutputHelper output)
{
    // At full size, for which the machine is quiet; beside other tests a pause says nothing of the migrator.
    private static readonly int LongestPause = Trials.Count(few: 30_000, full: 1_000);

    [Fact]
    public Task Tables_are_adopted_and_migrated_under_writers() => AdoptAndMigrateAsync(rows: 20_000, statementTimeout: null);

    [Fact]
    [Trait("Category", "Long")]
    public Task Five_million_rows_are_adopted_and_migrated_under_writers() =>
        AdoptAndMigrateAsync(Trials.Count(few: 300_000, full: 5_000_000), Trials.IsFull ? null : TimeSpan.FromMilliseconds(250));

    /// <param name="rows">How many of research; of scripts and of run logs, a fifth of it each.</param>
    /// <param name="statementTimeout">
    /// A limit that the longest build must take longer than; Supabase's where null, which no small table needs.
    /// </param>
    private async Task AdoptAndMigrateAsync(int rows, TimeSpan? statementTimeout)
    {
        await using var server = await EphemeralPostgres.StartAsync(new EphemeralPostgresOptions { Ways = PostgresWays.OwnServer });
        var database = await server.CreateDatabaseAsync();
        await FillAsync(database, rows);
        var owner = await GiveAwayAsync(database, statementTimeout);
        await using var load = await TestHostProcess.StartAsync(new Dictionary<string, string?>(), "load", database, $"{rows}");
        await UntilEachIsWarmAsync(load);
        await Task.Delay(TimeSpan.FromSeconds(2));
        var before = await AskAsync(load, "take");

        var clock = Stopwatch.StartNew();
        var adoption = await MigratorHost.RunAsync(owner, migrator => migrator.AdoptAsync());
        var (adopting, adopted) = (await AskAsync(load, "take"), clock.Elapsed);
        clock.Restart();
        var times = new StatementTimes();
        await MigratorHost.MigrateAsync(owner, new MigrateOptions { Progress = times });
        var (indexes, migrated) = (times.Indexes(), clock.Elapsed);
        var migrating = await AskAsync(load, "stop");

        Assert.Equal(3, adoption.Adopted.Count);
        Assert.Equal(5, indexes.Count);
        Assert.True(statementTimeout is null || indexes.Max(index => index.Duration) > statementTimeout, "No build took longer than the limit: it was not tried.");
        Assert.True((await MigratorHost.RunAsync(owner, migrator => migrator.VerifyAsync())).IsMatch);
        Assert.True(await Sql.ScalarAsync<bool>(database, "SELECT bool_and(indisvalid) FROM pg_index"));
        Assert.Equal(rows + migrating[3], await Sql.ScalarAsync<long>(database, "SELECT count(*) FROM public.research_cache"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {rows:N0} rows of research, {rows / 5:N0} scripts and {rows / 5:N0} of run logs, 1 KB each, beside {migrating[3]:N0} inserts: adopted in {adopted.TotalSeconds:F1} s, migrated in {migrated.TotalSeconds:F1} s ({string.Join(", ", indexes.Select(index => $"{index.Index} {index.Duration.TotalSeconds:F1} s"))}). Longest pauses in ms while adopted, while migrated (in the 2 s before): reader {Show(0)}, writer of research {Show(1)}, of its old rows {Show(2)}, of runs {Show(4)}.
            """));
        Assert.All(new[] { 1, 2, 4 }.SelectMany(writer => new[] { adopting[writer], migrating[writer] }), pause => Assert.True(pause < LongestPause, $"A writer waited {pause} ms."));

        string Show(int caller) => string.Create(CultureInfo.InvariantCulture, $"{adopting[caller]}, {migrating[caller]} ({before[caller]})");
    }

    // The first of each is slow by itself, and never done in less than a millisecond.
    private static async Task UntilEachIsWarmAsync(TestHostProcess load)
    {
        var seen = new long[5];
        while (Array.Exists(seen, longest => longest == 0))
        {
            await Task.Delay(50);
            seen = [.. seen.Zip(await AskAsync(load, "take"), Math.Max)];
        }
    }

    private static async Task<long[]> AskAsync(TestHostProcess process, string line)
    {
        await process.WriteLineAsync(line);
        return [.. (await process.ReadLineAsync()).Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture))];
    }

    // The index is the operator's own, as every such table has one: else the reader would scan the table all the time.
    private static async Task FillAsync(string database, int rows)
    {
        await Sql.ExecuteAsync(database, FieldDatabases.Sql("TRUNCATE public.research_cache; CREATE INDEX of_the_operator ON public.research_cache (topic)"));
        for (var first = 0; first < rows; first += 40_000)
        {
            await Sql.ExecuteAsync(
                database,
                """
                WITH numbers AS MATERIALIZED (SELECT n FROM generate_series($1, $2) AS n),
                scripts AS (INSERT INTO public.scripts (content, created_at) SELECT repeat('x', 1000), now() - n * interval '1 second' FROM numbers WHERE n % 5 = 0),
                runs AS (
                  INSERT INTO public.pipeline_runs (run_id, stage, status, attempts, input_refs, error_summary, created_at)
                  SELECT n || ':research:1', 'research', 'success', 1, jsonb_build_object('root_run_id', n::text), repeat('x', 900), now() - n * interval '1 second' FROM numbers WHERE n % 5 = 0)
                INSERT INTO public.research_cache (id, topic, content, created_at)
                SELECT md5(n::text)::uuid, CASE n % 100 WHEN 0 THEN 'young ' || n / 100 % 1000 ELSE 'topic ' || n END, repeat('x', 1000), now() - n * interval '1 second' FROM numbers
                """,
                first,
                Math.Min(first + 40_000, rows) - 1);
        }

        await Sql.ExecuteAsync(database, "ANALYZE");
    }

    /// <summary>Gives the database and its tables to a new role with Supabase's limits.</summary>
    /// <returns>The database, as that role.</returns>
    private static async Task<string> GiveAwayAsync(string database, TimeSpan? statementTimeout)
    {
        var settings = new NpgsqlConnectionStringBuilder(database) { Username = "the_owner", Password = "secret" };
        var limit = statementTimeout is { } given ? $"{given.TotalMilliseconds}ms" : "2min";
        await Sql.ExecuteAsync(database, $"""
            CREATE ROLE the_owner LOGIN PASSWORD 'secret' NOSUPERUSER;
            ALTER ROLE the_owner SET statement_timeout = '{limit}';
            ALTER ROLE the_owner SET lock_timeout = '8s';
            ALTER ROLE the_owner SET idle_in_transaction_session_timeout = '60s';
            ALTER DATABASE "{settings.Database}" OWNER TO the_owner;
            ALTER TABLE public.research_cache OWNER TO the_owner;
            ALTER TABLE public.scripts OWNER TO the_owner;
            ALTER TABLE public.pipeline_runs OWNER TO the_owner
            """);
        return settings.ConnectionString;
    }
}

using System.Text;
using System.Text.Json;
using AiSystemSpec.Sdk.IntegrationTests.Cli;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using AiSystemSpec.Sdk.IntegrationTests.Runs;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Retention;

/// <summary>What a purge writes to a file is what it deletes.</summary>
public sealed class PurgeExportTests : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private static readonly RetentionOptions Options = new() { ScriptAge = TimeSpan.FromDays(30), RunAge = TimeSpan.FromDays(30), ResearchAge = TimeSpan.FromDays(30), BatchSize = 20, Pause = TimeSpan.Zero };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aispec-export-");
    private string _database = string.Empty;

    private string File => Path.Combine(_folder.FullName, "purged.jsonl");

    public async Task InitializeAsync()
    {
        _database = await PostgresFixture.CreateDatabaseAsync();
        // The trigger keeps what is really deleted, as row_to_json writes it.
        await Sql.ExecuteAsync(
            _database,
            """
            ALTER TABLE public.scripts ADD COLUMN raw json;
            CREATE TABLE public.deleted (line text);
            CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $f$
            BEGIN
              INSERT INTO public.deleted VALUES (json_build_object('table', TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, 'row', row_to_json(OLD))::text);
              RETURN OLD;
            END $f$;
            CREATE TRIGGER note AFTER DELETE ON public.scripts FOR EACH ROW EXECUTE FUNCTION public.note();
            CREATE TRIGGER note AFTER DELETE ON public.pipeline_runs FOR EACH ROW EXECUTE FUNCTION public.note();
            CREATE TRIGGER note AFTER DELETE ON public.research_cache FOR EACH ROW EXECUTE FUNCTION public.note();
            INSERT INTO public.scripts (content, created_at, raw) SELECT n || E' "quoted" \n ü \u2028', now() - interval '1 year' + n * interval '1 second', E'{\n"a": 1}' FROM generate_series(1, 100) AS n;
            INSERT INTO public.scripts (content, created_at) VALUES ('far', '4000-01-01 BC'), (NULL, '-infinity'), ('young', now()), ('undated', NULL), ('future', 'infinity');
            INSERT INTO public.pipeline_runs (run_id, status, metrics, created_at) SELECT n::text, 'success', '{"cost_usd": 0.1}', now() - interval '1 year' FROM generate_series(1, 100) AS n;
            INSERT INTO public.research_cache (topic, content, created_at) SELECT n::text, repeat('x', 5000), now() - interval '1 year' FROM generate_series(1, 100) AS n
            """);
    }

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Purge_with_an_export_file_writes_every_row_that_it_deletes_as_it_was()
    {
        var result = await PurgeAsync(_database);

        Assert.Equal(302L, result.TotalRows);
        Assert.Equal(await DeletedAsync(), await ExportedAsync());
        Assert.Equal("future,undated,young", await Sql.ScalarAsync<string>(_database, "SELECT string_agg(content, ',' ORDER BY content) FROM public.scripts"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        }
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(4, false)] // with room for the tenth row and not for the first batch
    public async Task Purge_with_an_export_file_onto_a_full_disk_says_what_was_deleted_and_leaves_whole_lines_of_it(
        int kilobytes, bool isSomeDeleted)
    {
        using var disk = new SmallDisk(kilobytes);
        if (!disk.IsMounted)
        {
            return; // mounting is not permitted here
        }

        var file = Path.Combine(disk.Path, "purged.jsonl");
        var options = new RetentionOptions { ScriptAge = Options.ScriptAge, RunAge = Options.RunAge, BatchSize = isSomeDeleted ? 20 : 100, Pause = TimeSpan.Zero };
        await using var sdk = HostServices.Over(_database);

        var error = await Assert.ThrowsAsync<RetentionException>(() => sdk.Services.GetRequiredService<IRetention>().PurgeAsync(options, new PurgeOptions { ExportFile = file }));

        var lines = isSomeDeleted ? await System.IO.File.ReadAllTextAsync(file) : "";
        Assert.IsAssignableFrom<IOException>(error.InnerException);
        Assert.Equal(isSomeDeleted, error.Result.TotalRows > 0);
        Assert.Equal(isSomeDeleted, lines.EndsWith("}\n", StringComparison.Ordinal));
        Assert.Equal(isSomeDeleted, Path.Exists(file));
        Assert.Equal(error.Result.TotalRows, lines.Count(character => character == '\n'));
        Assert.Equal(error.Result.TotalRows, await Sql.ScalarAsync<long>(_database, "SELECT count(*) FROM public.deleted"));
    }

    [Fact]
    public async Task Purge_with_an_export_that_cannot_be_made_names_the_file()
    {
        var file = Path.Combine(_folder.FullName, "missing", "purged.jsonl");

        var run = await CliRun.OfAsync(_database, "purge", "--run-age", "30d", "--export", file);

        Assert.Equal(1, run.Code);
        Assert.Contains($"The file for the rows that are deleted, {file}, cannot be made", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("PGPASSFILE", run.Error, StringComparison.Ordinal);
        Assert.Equal(100L, await Sql.ScalarAsync<long>(_database, "SELECT count(*) FROM public.pipeline_runs"));
    }

    [Fact]
    public async Task Purge_with_an_export_file_beside_writers_writes_what_it_deletes_and_nothing_else()
    {
        await using var source = NpgsqlDataSource.Create(_database);
        using var stop = new CancellationTokenSource();
        var others = Enumerable.Range(0, 3).Select(number => Task.Run(async () =>
        {
            var random = new Random(number);
            while (!stop.IsCancellationRequested)
            {
                var table = random.Next(2) == 0 ? "scripts SET content = content || '.'" : "pipeline_runs SET stage = coalesce(stage, '') || '.'";
                await using var command = source.CreateCommand($"UPDATE public.{table} WHERE ctid IN (SELECT ctid FROM public.{table.Split(' ')[0]} ORDER BY pg_catalog.random() LIMIT 3)");
                _ = await command.ExecuteNonQueryAsync();
            }
        })).ToList();

        var result = await PurgeAsync(_database);
        await stop.CancelAsync();
        await Task.WhenAll(others);

        var exported = await ExportedAsync();
        Assert.Equal(result.TotalRows, exported.Count);
        Assert.Equal(await DeletedAsync(), exported);
    }

    [Theory]
    [InlineData("CREATE TABLE public.host (script uuid REFERENCES public.scripts (id)); INSERT INTO public.host SELECT id FROM public.scripts WHERE content LIKE '%7 %'", 10)]
    [InlineData("CREATE TABLE public.host (script uuid REFERENCES public.scripts (id) DEFERRABLE INITIALLY DEFERRED); INSERT INTO public.host SELECT id FROM public.scripts WHERE content LIKE '%7 %'", 10)]
    [InlineData("CREATE FUNCTION public.keep() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $f$ BEGIN IF OLD.content LIKE '%7 %' THEN RETURN NULL; END IF; RETURN OLD; END $f$; CREATE TRIGGER keep BEFORE DELETE ON public.scripts FOR EACH ROW EXECUTE FUNCTION public.keep()", 10)]
    public async Task Purge_with_an_export_file_leaves_refused_rows_out_of_the_file(string refusal, int left)
    {
        await Sql.ExecuteAsync(_database, refusal);

        var result = await PurgeAsync(_database);

        Assert.Equal((302L - left, left), (result.TotalRows, Assert.Single(result.Skipped).Rows));
        Assert.Equal(await DeletedAsync(), await ExportedAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Purge_with_an_export_file_whose_commit_is_cut_off_writes_each_row_once(bool afterwards)
    {
        // Directly: behind a pooler the client does not lose its connection with the server's.
        await using var gate = new StatementGate(TestRoute.Direct(_database), ["COMMIT", "COMMIT"], stopAt: 1, afterwards);
        var purge = PurgeAsync(gate.ConnectionString);
        Assert.Same(gate.Reached, await Task.WhenAny(gate.Reached, purge));
        await Sql.ExecuteAsync(_database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid NOT IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')");

        Assert.Equal(302L, (await purge).TotalRows);
        Assert.Equal(await DeletedAsync(), await ExportedAsync());
    }

    [Fact]
    public async Task Purge_export_refuses_a_file_that_exists_and_deletes_nothing()
    {
        await System.IO.File.WriteAllTextAsync(File, "mine");

        var run = await CliRun.OfAsync(_database, "purge", "--script-age", "30d", "--export", File);
        var error = await Assert.ThrowsAsync<IOException>(() => PurgeAsync(_database));

        Assert.Equal(2, run.Code);
        Assert.Contains("--export", run.Error, StringComparison.Ordinal);
        Assert.Contains(File, error.Message, StringComparison.Ordinal);
        Assert.Equal("mine", await System.IO.File.ReadAllTextAsync(File));
        Assert.Equal(0L, await Sql.ScalarAsync<long>(_database, "SELECT count(*) FROM public.deleted"));
    }

    [Fact]
    public async Task Purge_with_an_export_file_onto_a_disk_that_fills_within_a_batch_deletes_nothing_that_is_not_in_the_file_and_goes_on_elsewhere(
        )
    {
        using var disk = new SmallDisk(kilobytes: 256); // a batch is 100 KB, in two writes
        if (!disk.IsMounted)
        {
            return; // mounting is not permitted here
        }

        var full = Path.Combine(disk.Path, "purged.jsonl");
        var options = new RetentionOptions { ResearchAge = Options.ResearchAge, BatchSize = 20, Pause = TimeSpan.Zero };
        await using (var sdk = HostServices.Over(_database))
        {
            var error = await Assert.ThrowsAsync<RetentionException>(() => sdk.Services.GetRequiredService<IRetention>().PurgeAsync(options, new PurgeOptions { ExportFile = full }));
            Assert.Equal(40L, error.Result.TotalRows);
        }

        var exported = await ExportedAsync(full);
        Assert.Equal(40, exported.Count);
        Assert.Equal(await DeletedAsync(), exported);
        Assert.Equal(262L, (await PurgeAsync(_database)).TotalRows);
    }

    [Fact]
    public async Task Purge_export_by_the_tool_onto_a_full_disk_fails_and_says_so()
    {
        using var disk = new SmallDisk(kilobytes: 8);
        if (!disk.IsMounted)
        {
            return; // mounting is not permitted here
        }

        var run = await CliRun.OfAsync(_database, "purge", "--research-age", "30d", "--export", Path.Combine(disk.Path, "purged.jsonl"));

        Assert.Equal(1, run.Code);
        Assert.Contains("No space left", run.Error, StringComparison.Ordinal);
        Assert.Equal(0L, await Sql.ScalarAsync<long>(_database, "SELECT count(*) FROM public.deleted"));
    }

    [Fact]
    public async Task Purge_export_by_the_tool_writes_the_rows_and_a_purge_that_deletes_nothing_leaves_no_file()
    {
        var purged = await CliRun.OfAsync(_database, "purge", "--script-age", "30d", "--export", File);
        var exported = await ExportedAsync();
        System.IO.File.Delete(File);
        var nothing = await CliRun.OfAsync(_database, "purge", "--script-age", "30d", "--export", File);
        var both = await CliRun.OfAsync(_database, "purge", "--run-age", "30d", "--dry-run", "--export", File);

        Assert.Equal((0, 0, 2), (purged.Code, nothing.Code, both.Code));
        Assert.Equal(102, exported.Count);
        Assert.All(exported, line => Assert.Equal("public.scripts", JsonDocument.Parse(line).RootElement.GetProperty("table").GetString()));
        Assert.False(Path.Exists(File));
    }

    private async Task<RetentionResult> PurgeAsync(string database)
    {
        await using var sdk = HostServices.Over(database);
        return await sdk.Services.GetRequiredService<IRetention>().PurgeAsync(Options, new PurgeOptions { ExportFile = File });
    }

    // Each line parsed and written again, so that only the content counts, and sorted.
    private Task<List<string>> ExportedAsync() => ExportedAsync(File);

    private static async Task<List<string>> ExportedAsync(string file)
    {
        var lines = await System.IO.File.ReadAllLinesAsync(file, Encoding.UTF8);
        return [.. lines.Select(Normalize).Order(StringComparer.Ordinal)];
    }

    private async Task<List<string>> DeletedAsync()
    {
        var lines = await Sql.ScalarAsync<string[]>(_database, "SELECT array_agg(line) FROM public.deleted");
        return [.. lines!.Select(Normalize).Order(StringComparer.Ordinal)];
    }

    private static string Normalize(string json) => JsonSerializer.Serialize(JsonDocument.Parse(json).RootElement);
}

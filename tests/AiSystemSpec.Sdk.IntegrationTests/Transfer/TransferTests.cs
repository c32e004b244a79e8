using System.Text;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Transfer;

/// <summary>Rows leave one database and come into another, as they are.</summary>
public sealed class TransferTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string OddRows =
        """
        INSERT INTO public.scripts (content, created_at) VALUES ('plain', now()), (NULL, NULL), ('', 'infinity'), (E'line\nbreak, "quoted", \\u0041 \r\n é 😀', '-infinity'),
          ('{"json": true}', '4000-01-01 BC'), ('far', '20000-01-01 00:00:00.123456+00'), ('  ', '2026-03-08 02:30:00-05');
        INSERT INTO public.research_cache (topic, content, created_at) VALUES ('topic', 'content', now()), ('topic', NULL, NULL), ('system', 'System Boot', '2020-01-01'), (E'odd\n"topic"', '', 'infinity');
        INSERT INTO public.pipeline_runs (run_id, stage, status, attempts, input_refs, output_refs, error_summary, metrics, created_at) VALUES
          ('run', 'stage', 'success', 1, '{"a": 1.10, "n": 1e400}', '[1, "x\ny"]', NULL, '{"tokens": 5}', now()),
          (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL), ('run:stage:2', 'stage', 'warning', 2, 'null', '"text"', E'password=hunter2\n', '5', 'infinity');
        """;

    private string _from = postgres.ConnectionString;
    private string _to = "";
    private HostServices _source = null!;
    private HostServices _target = null!;

    public async Task InitializeAsync()
    {
        (_from, _to) = (await PostgresFixture.CreateDatabaseAsync(), await PostgresFixture.CreateDatabaseAsync());
        (_source, _target) = (HostServices.Over(_from), HostServices.Over(_to));
        await Sql.ExecuteAsync(_from, OddRows);
    }

    public async Task DisposeAsync()
    {
        await _source.DisposeAsync();
        await _target.DisposeAsync();
    }

    [Theory]
    [InlineData("scripts", 7)]
    [InlineData("research_cache", 4)]
    [InlineData("pipeline_runs", 3)]
    public async Task Rows_come_as_they_are_and_again_without_harm(string table, int rows)
    {
        var file = new MemoryStream();

        Assert.Equal(rows, await ExportAsync(table, file));
        var first = await ImportAsync(table, file);
        var again = await ImportAsync(table, file);

        Assert.Equal((rows, 0, 0), (first.Imported, first.Existing, first.Failed));
        Assert.Equal((0, rows, 0), (again.Imported, again.Existing, again.Failed));
        Assert.Equal(await DigestAsync(_from, table), await DigestAsync(_to, table));
        Assert.Equal(rows, Encoding.UTF8.GetString(file.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.True(file.CanRead);
    }

    [Theory]
    [InlineData("scripts", "SELECT row_to_json(t) FROM public.scripts t")]
    [InlineData("research_cache", "SELECT row_to_json(t) FROM public.research_cache t")]
    [InlineData("pipeline_runs", "SELECT row_to_json(t) FROM public.pipeline_runs t")]
    [InlineData("scripts", "SELECT json_agg(t)::text FROM public.scripts t")]
    [InlineData("pipeline_runs", "SELECT jsonb_pretty(jsonb_agg(t)) FROM public.pipeline_runs t")]
    public async Task Rows_come_in_as_the_server_writes_json(string table, string sql)
    {
        var lines = await ReadAsync(sql);

        var result = await ImportAsync(table, new MemoryStream(Encoding.UTF8.GetBytes("\uFEFF" + string.Join("\r\n\r\n", lines))));

        Assert.Equal(0, result.Failed);
        Assert.Equal(await DigestAsync(_from, table), await DigestAsync(_to, table));
    }

    [Theory]
    [InlineData("scripts")]
    [InlineData("research_cache")]
    [InlineData("pipeline_runs")]
    public async Task Rows_come_in_as_the_server_writes_csv(string table)
    {
        await using var connection = await Sql.OpenAsync(_from);
        using var reader = await connection.BeginTextExportAsync($"COPY public.{table} TO STDOUT (FORMAT csv, HEADER)");
        var csv = await reader.ReadToEndAsync();

        var result = await ImportAsync(table, new MemoryStream(Encoding.UTF8.GetBytes(csv)));

        Assert.Equal(0, result.Failed);
        Assert.Equal(await DigestAsync(_from, table), await DigestAsync(_to, table));
    }

    [Fact]
    public async Task Export_goes_oldest_first_and_those_without_a_moment_before_all()
    {
        var file = new MemoryStream();
        _ = await _source.Scripts.ExportAsync(file);
        Assert.Equal(
            await ReadAsync("SELECT id::text FROM public.scripts ORDER BY created_at NULLS FIRST, id"),
            Encoding.UTF8.GetString(file.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Substring(7, 36)));
    }

    [Fact]
    public async Task Export_takes_the_filters()
    {
        Assert.Equal(1, await _source.Scripts.ExportAsync(new MemoryStream(), new ScriptFilter { Contains = "\"quoted\"" }));
        Assert.Equal(1, await _source.Scripts.ExportAsync(new MemoryStream(), new ScriptFilter { JsonPath = "json", JsonValue = "true" }));
        Assert.Equal(4, await _source.Scripts.ExportAsync(new MemoryStream(), new ScriptFilter { From = DateTimeOffset.UnixEpoch }));
        Assert.Equal(2, await _source.History.ExportAsync(new MemoryStream(), new RunFilter { RunId = "run" }));
        Assert.Equal(1, await _source.History.ExportAsync(new MemoryStream(), new RunFilter { Status = new RunStatus("warning") }));
        Assert.Equal("filter", (await Assert.ThrowsAsync<ArgumentException>(() => _source.Scripts.ExportAsync(new MemoryStream(), new ScriptFilter { JsonValue = "x" }))).ParamName);
    }

    [Fact]
    public async Task Broken_lines_are_told_by_their_number_and_the_rest_goes_in()
    {
        var id = Guid.NewGuid();
        var lines = string.Join('\n', Enumerable.Range(0, 500).Select(i => $$"""{"id":"{{Guid.NewGuid()}}","content":"{{i}}","created_at":"2026-01-01"}"""));
        var file = $$"""
            {"id":"{{id}}","content":"first","created_at":"2026-01-01T00:00:00Z"}

            not json
            {"content":"no id"}
            {"id":"not a uuid","content":"x"}
            {"id":"{{Guid.NewGuid()}}","content":"x","created_at":"no moment"}
            {"id":"{{id}}","content":"other","created_at":"2026-01-01T00:00:00Z"}
            {"id":"{{Guid.NewGuid()}}","content":"\u0000"}
            {"id":"{{Guid.NewGuid()}}","content":"\ud800"}
            [1]
            {{lines}}
            {"id":"{{Guid.NewGuid()}}","content":"cut off
            """;

        var result = await ImportAsync("scripts", new MemoryStream(Encoding.UTF8.GetBytes(file)));

        Assert.Equal((501, 0, 9), (result.Imported, result.Existing, result.Failed));
        Assert.Equal([3L, 4, 5, 6, 7, 8, 9, 10, 511], result.Errors.Select(error => error.Line).Order());
        Assert.Equal("first", (await _target.Scripts.GetAsync(id))!.Content);
    }

    [Fact]
    public async Task Row_that_the_table_refuses_fails_alone()
    {
        await Sql.ExecuteAsync(_to, "CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.content = 'bad' THEN RAISE 'no' USING ERRCODE = '42501'; ELSIF NEW.content = 'none' THEN RETURN NULL; END IF; RETURN NEW; END $$; CREATE TRIGGER refuse BEFORE INSERT ON public.scripts FOR EACH ROW EXECUTE FUNCTION public.refuse()");
        var file = string.Join('\n', Enumerable.Range(0, 100).Select(i => $$"""{"id":"{{Guid.NewGuid()}}","content":"{{(i == 30 ? "bad" : i == 60 ? "none" : "good")}}"}"""));

        var result = await ImportAsync("scripts", new MemoryStream(Encoding.UTF8.GetBytes(file)));

        Assert.Equal((98, 0, 2), (result.Imported, result.Existing, result.Failed));
        Assert.Equal([31L, 61], result.Errors.Select(error => error.Line).Order());
    }

    [Fact]
    public async Task Errors_are_kept_to_a_hundred()
    {
        var result = await ImportAsync("scripts", new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Repeat("{}", 250)))));
        Assert.Equal((250, 100), (result.Failed, result.Errors.Count));
    }

    [Fact]
    public async Task Table_without_a_key_takes_each_row_once()
    {
        await Sql.ExecuteAsync(_to, "ALTER TABLE public.scripts DROP CONSTRAINT scripts_pkey");
        var file = new MemoryStream();
        _ = await _source.Scripts.ExportAsync(file);

        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _target.Scripts.ImportAsync(new MemoryStream(file.ToArray()))));

        Assert.Equal(7, results.Sum(result => result.Imported));
        Assert.Equal(await DigestAsync(_from, "scripts"), await DigestAsync(_to, "scripts"));
    }

    [Fact]
    public async Task What_every_row_would_meet_ends_the_import()
    {
        await Sql.ExecuteAsync(_to, "DROP TABLE public.scripts");
        _ = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => ImportAsync("scripts", new MemoryStream(Encoding.UTF8.GetBytes($$"""{"id":"{{Guid.NewGuid()}}"}"""))));
    }

    [Fact]
    public async Task File_in_no_format_is_refused_and_an_empty_one_is_none()
    {
        _ = await Assert.ThrowsAsync<FormatException>(() => ImportAsync("scripts", new MemoryStream("hello, world\n1,2"u8.ToArray())));
        foreach (var empty in new[] { "", "\n\n", "[]", " [ ] " })
        {
            var result = await ImportAsync("scripts", new MemoryStream(Encoding.UTF8.GetBytes(empty)));
            Assert.Equal((0, 0, 0), (result.Imported, result.Existing, result.Failed));
        }
    }

    [Theory]
    [InlineData("[{\"id\":\"11111111-1111-4111-8111-111111111111\"}", 1, 1)]
    [InlineData("[{\"id\":\"11111111-1111-4111-8111-111111111111\"},\n{\"id\":", 1, 2)]
    [InlineData("id,content\n11111111-1111-4111-8111-111111111111,\"open", 0, 1)]
    [InlineData("id,content\n11111111-1111-4111-8111-111111111111,a,b\n", 0, 1)]
    public async Task File_that_was_cut_off_says_so(string file, long imported, long failed)
    {
        var result = await ImportAsync("scripts", new MemoryStream(Encoding.UTF8.GetBytes(file)));
        Assert.Equal((imported, failed), (result.Imported, result.Failed));
    }

    [Fact]
    public async Task Import_that_breaks_off_is_gone_on_with_by_repeating_it()
    {
        var file = string.Join('\n', Enumerable.Range(0, 5_000).Select(i => $$"""{"id":"{{Guid.NewGuid()}}","content":"{{i}}"}"""));
        using var end = new CancellationTokenSource();
        var bytes = Encoding.UTF8.GetBytes(file);
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _target.Scripts.ImportAsync(new MemoryStream(bytes), progress: new Stop(end), cancellationToken: end.Token));

        var result = await _target.Scripts.ImportAsync(new MemoryStream(bytes));

        Assert.True(result.Existing > 0);
        Assert.Equal((5_000, 0), (result.Imported + result.Existing, result.Failed));
    }

    private Task<long> ExportAsync(string table, Stream file) => table switch
    {
        "scripts" => _source.Scripts.ExportAsync(file),
        "research_cache" => _source.Research.ExportAsync(file),
        _ => _source.History.ExportAsync(file),
    };

    private Task<ImportResult> ImportAsync(string table, MemoryStream file)
    {
        file.Position = 0;
        return table switch
        {
            "scripts" => _target.Scripts.ImportAsync(file),
            "research_cache" => _target.Research.ImportAsync(file),
            _ => _target.History.ImportAsync(file),
        };
    }

    private static Task<string?> DigestAsync(string database, string table) => Sql.ScalarAsync<string>(
        database, $"SELECT string_agg(to_jsonb(t)::text, '|' ORDER BY t.id) FROM public.{table} t");

    private async Task<List<string>> ReadAsync(string sql)
    {
        await using var connection = await Sql.OpenAsync(_from);
        await using var command = Sql.Command(connection, sql);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(0));
        }

        return lines;
    }

    private sealed class Stop(CancellationTokenSource end) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => end.Cancel();
    }
}

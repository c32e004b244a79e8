using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Migrations;

namespace AiSystemSpec.Sdk.IntegrationTests.Failover;

/// <summary>A write is committed and its answer lost: the caller cannot know, and the write is repeated. It must be there once.</summary>
public sealed class LostAnswerTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private TestRole _role = null!;
    private AnswerLosingProxy _proxy = null!;
    private HostServices _sdk = null!;

    public async Task InitializeAsync()
    {
        // With only what `aispec grant` gives: a repetition needs no more.
        _role = await TestRole.CreateAsync(postgres.ConnectionString, GrantKind.App);
        _proxy = new AnswerLosingProxy(_role.ConnectionString);
        _sdk = HostServices.Over(_proxy.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await _sdk.DisposeAsync();
        await _proxy.DisposeAsync();
        await _role.DisposeAsync();
    }

    [Fact]
    public async Task Script_is_saved_once()
    {
        _proxy.LoseNext("INSERT 0 1");

        var saved = await _sdk.Scripts.SaveAsync("script whose answer is lost");

        Assert.Equal(1, _proxy.Lost);
        Assert.Equal([saved.Id], await IdsAsync("scripts", "content", saved.Content!));
    }

    [Fact]
    public async Task Research_is_stored_once()
    {
        _proxy.LoseNext("INSERT 0 1");

        var stored = await _sdk.Research.SaveAsync("topic whose answer is lost", "content");

        Assert.Equal(1, _proxy.Lost);
        Assert.Equal([stored.Id], await IdsAsync("research_cache", "topic", stored.Topic));
    }

    [Fact]
    public async Task Research_refreshes_the_one_row_of_a_unique_topic()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "CREATE UNIQUE INDEX ON public.research_cache (topic)");
        await using var proxy = new AnswerLosingProxy(database);
        await using var sdk = HostServices.Over(proxy.ConnectionString);
        var first = await sdk.Research.SaveAsync("topic", "old");
        proxy.LoseNext("INSERT 0 1");

        var second = await sdk.Research.SaveAsync("topic", "new");

        Assert.Equal(1, proxy.Lost);
        Assert.Equal((first.Id, "new"), (second.Id, await Sql.ScalarAsync<string>(database, "SELECT string_agg(content, ',') FROM public.research_cache")));
    }

    [Fact]
    public async Task Run_row_is_written_once()
    {
        _proxy.LoseNext("INSERT 0 1");

        var written = await _sdk.Runs.WriteAsync(new RunLogEntry("run whose answer is lost", "stage", RunStatus.Success));

        Assert.Equal(1, _proxy.Lost);
        Assert.NotNull(written.CreatedAt);
        Assert.Equal([written.Id], await IdsAsync("pipeline_runs", "run_id", written.RunId!));
    }

    [Fact]
    public async Task Background_rows_are_written_once()
    {
        var isSecured = await Sql.ScalarAsync<bool>(postgres.ConnectionString, "SELECT relrowsecurity FROM pg_class WHERE oid = 'public.pipeline_runs'::regclass");
        _proxy.LoseNext(isSecured ? "INSERT 0 20" : "COPY "); // which is refused under row level security
        for (var attempt = 1; attempt <= 20; attempt++)
        {
            _sdk.Runs.Enqueue(new RunLogEntry("queue whose answer is lost", "stage", RunStatus.Success) { Attempts = attempt });
        }

        Assert.Equal((20, 0), await WrittenAsync());
        Assert.Equal(1, _proxy.Lost);
        Assert.Equal(20, (await IdsAsync("pipeline_runs", "run_id", "queue whose answer is lost")).Count);
    }

    private async Task<(long Written, long Lost)> WrittenAsync()
    {
        var flushed = await _sdk.Runs.FlushAsync();
        return (flushed.Written, flushed.Lost);
    }

    private async Task<List<Guid>> IdsAsync(string table, string column, string value)
    {
        await using var connection = await Sql.OpenAsync(postgres.ConnectionString);
        await using var command = Sql.Command(connection, $"SELECT id FROM public.{table} WHERE {column} = $1", value);
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<Guid>();
        while (await reader.ReadAsync())
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }
}

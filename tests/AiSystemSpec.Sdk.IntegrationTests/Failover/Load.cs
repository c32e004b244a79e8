using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Failover;

/// <summary>Callers of every writing service at once, two of each, and what became of their writes.</summary>
internal sealed class Load
{
    private const string AllRows =
        """
        SELECT id, content FROM public.research_cache
        UNION ALL SELECT id, content FROM public.scripts
        UNION ALL SELECT id, run_id FROM public.pipeline_runs
        """;

    private readonly HostServices _host;
    private readonly HostServices _spooling;
    private readonly List<LoadCaller> _callers;

    /// <param name="host">The services.</param>
    /// <param name="spooling">Services whose run rows go through a spool.</param>
    public Load(HostServices host, HostServices spooling)
    {
        _host = host;
        _spooling = spooling;
        _callers = [.. new[] { "first", "second" }.SelectMany(Callers)];
    }

    /// <summary>Acknowledged writes, of all callers.</summary>
    public IReadOnlyList<(Guid Id, string Text)> Acknowledged => [.. _callers.SelectMany(caller => caller.Acknowledged)];

    public IReadOnlyList<NpgsqlException> Failures => [.. _callers.SelectMany(caller => caller.Failures)];

    public void Start() => _callers.ForEach(caller => caller.Start());

    /// <summary>Waits until every caller has had some more writes acknowledged.</summary>
    public Task GoOnAsync(int writes) => Task.WhenAll(_callers.Select(caller => caller.GoOnAsync(writes)));

    /// <summary>Ends the callers and waits until background rows are written.</summary>
    public async Task StopAsync()
    {
        await Task.WhenAll(_callers.Select(caller => caller.StopAsync()));
        Assert.Equal(0, (await _host.Runs.FlushAsync()).Lost);
        FlushResult flushed;
        do
        {
            flushed = await _spooling.Runs.FlushAsync(); // returns early while the database is still seen as away
        }
        while (flushed.Spooled > 0);

        Assert.Equal(0, flushed.Lost);
    }

    /// <summary>Every acknowledged write is one row of the server, and no text is there twice.</summary>
    public async Task AssertStoredOnceAsync(string connectionString)
    {
        var rows = new List<(Guid Id, string Text)>();
        await using var connection = await Sql.OpenAsync(connectionString);
        await using var command = Sql.Command(connection, AllRows);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows.Add((reader.GetGuid(0), reader.GetString(1)));
        }

        Assert.Empty(Acknowledged.Except(rows));
        Assert.Empty(rows.GroupBy(row => row.Text, StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => same.Key));
    }

    private IEnumerable<LoadCaller> Callers(string name) =>
    [
        new($"store {name}", async text => (await _host.Research.SaveAsync(text, text)).Id),
        new($"research {name}", ResearchAsync),
        new($"script {name}", async text => (await _host.Scripts.SaveAsync(text)).Id),
        new($"run {name}", async text => (await _host.Runs.WriteAsync(Entry(text))).Id),
        new($"queued {name}", text => Task.FromResult(Enqueue(_host, text))),
        new($"spooled {name}", text => Task.FromResult(Enqueue(_spooling, text))),
    ];

    private static RunLogEntry Entry(string text) => new(text, "load", RunStatus.Success);

    private static Guid Enqueue(HostServices host, string text)
    {
        var id = Guid.CreateVersion7();
        host.Runs.Enqueue(Entry(text) with { Id = id });
        return id;
    }

    private async Task<Guid> ResearchAsync(string text)
    {
        var calls = 0;
        var result = await _host.Research.GetOrResearchAsync(text, async (_, token) =>
        {
            calls++;
            await Task.Delay(20, token); // so that the primary dies within one, too
            return text;
        });
        Assert.Equal((1, text), (calls, result.Entry.Content)); // paid for once, and never lost to the caller
        return result.Saved ? result.Entry.Id : throw result.SaveError!;
    }
}

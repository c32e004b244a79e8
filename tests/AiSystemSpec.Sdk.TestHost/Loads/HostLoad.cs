using Npgsql;

namespace AiSystemSpec.Sdk.TestHost.Loads;

/// <summary>
/// A reader, a writer that inserts, one that updates rows whose ids are made of numbers, and one of run logs, each doing one thing after
/// the other, so that the longest is seen.
/// </summary>
internal sealed class HostLoad : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly CancellationTokenSource _stop = new();
    private readonly Pauses _reads = new();
    private readonly Pauses _writes = new();
    private readonly Pauses _changes = new();
    private readonly Pauses _runs = new();
    private readonly Task _running;

    public HostLoad(IResearchCache research, IRunLogger runs, string connectionString, int rows)
    {
        _source = NpgsqlDataSource.Create(connectionString);
        _running = Task.Run(() => Task.WhenAll(
            _reads.RepeatAsync(i => research.GetFreshAsync($"young {i % 1000}").AsTask(), _stop.Token),
            _writes.RepeatAsync(i => research.SaveAsync($"new {i}", "x"), _stop.Token),
            _changes.RepeatAsync(i => ChangeAsync((int)((i * 7919L) % rows)), _stop.Token),
            _runs.RepeatAsync(i => runs.WriteAsync(new RunLogEntry($"load {i}", "load", RunStatus.Success)), _stop.Token)));
    }

    /// <summary>How many rows of research were inserted.</summary>
    public long Inserted => _writes.Count;

    /// <summary>The longest that each waited since the last time.</summary>
    public (TimeSpan Read, TimeSpan Write, TimeSpan Change, TimeSpan Run) TakeLongest() =>
        (_reads.TakeLongest(), _writes.TakeLongest(), _changes.TakeLongest(), _runs.TakeLongest());

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _source.DisposeAsync();
        _stop.Dispose();
    }

    private async Task ChangeAsync(int number)
    {
        await using var command = _source.CreateCommand("UPDATE public.research_cache SET content = 'changed' WHERE id = pg_catalog.md5(CAST($1 AS pg_catalog.text))::pg_catalog.uuid");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = number });
        _ = await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }
}

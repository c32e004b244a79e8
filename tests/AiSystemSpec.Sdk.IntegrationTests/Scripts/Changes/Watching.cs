namespace AiSystemSpec.Sdk.IntegrationTests.Scripts.Changes;

/// <summary>A watch that runs beside a test, which looks at what it was given.</summary>
internal sealed class Watching : IAsyncDisposable
{
    private static readonly ScriptWatchOptions Often = new() { MinPoll = TimeSpan.FromMilliseconds(10), MaxPoll = TimeSpan.FromMilliseconds(20) };

    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly List<ScriptChange> _changes = [];
    private readonly Task _watch;
    private int _looks;

    public Watching(IScriptStore store, string? cursor = null, ScriptWatchOptions? options = null)
    {
        options = (options ?? Often) with { OnProgress = progress => (Progress, _) = (progress, Interlocked.Increment(ref _looks)) };
        _watch = WatchAsync(store.WatchAsync(cursor, options, _end.Token));
    }

    public string? Progress { get; private set; }

    public IReadOnlyList<ScriptChange> Changes
    {
        get
        {
            lock (_lock)
            {
                return [.. _changes];
            }
        }
    }

    public IEnumerable<string?> Contents => Changes.Select(change => change.Script.Content);

    /// <summary>Waits for a look that begins from now on, and its end.</summary>
    public async Task LookAsync()
    {
        var before = Volatile.Read(ref _looks);
        await Until.TrueAsync(() => _watch.IsCompleted || Volatile.Read(ref _looks) >= before + 2);
        await (_watch.IsCompleted ? _watch : Task.CompletedTask);
    }

    public Task HasAsync(params string?[] contents) => Until.TrueAsync(() => _watch.IsFaulted || contents.All(content => Contents.Contains(content, StringComparer.Ordinal)));

    /// <summary>Cancels it; nothing else ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _watch);
        _end.Dispose();
    }

    private async Task WatchAsync(IAsyncEnumerable<ScriptChange> changes)
    {
        await foreach (var change in changes)
        {
            lock (_lock)
            {
                _changes.Add(change);
            }
        }
    }
}

using System.Diagnostics;
using AiSystemSpec.Sdk.Ambient;
using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Research.Flights;
using AiSystemSpec.Sdk.Research.Locks;
using AiSystemSpec.Sdk.Research.Storing;
using AiSystemSpec.Sdk.Research.Table;
using AiSystemSpec.Sdk.Research.Topics;
using AiSystemSpec.Sdk.Text;
using AiSystemSpec.Sdk.Transfer;
using AiSystemSpec.Sdk.Transfer.Exporting;
using AiSystemSpec.Sdk.Transfer.Importing;
using AiSystemSpec.Sdk.Wire;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Research;

/// <summary>The Context Cache: checks what it is given and hands on to the parts that read, store and research.</summary>
internal sealed class ResearchCache : IResearchCache, IDisposable, IAsyncDisposable
{
    private readonly Database _database;
    private readonly AiSystemSpecOptions _options;
    private readonly TopicRules _topics;
    private readonly TopicReader _reader;
    private readonly TopicStore _store;
    private readonly ResearchInstruments _instruments;
    private readonly TopicLocks _locks;
    private readonly FlightTable _flights;
    private readonly ResearchCoordinator _coordinator;

    public ResearchCache(Database database, AiSystemSpecOptions options, TimeProvider timeProvider, ILogger logger)
    {
        _database = database;
        _options = options;
        _instruments = new ResearchInstruments(database.Label);
        _topics = new TopicRules(options.TopicNormalizer, logger);
        _reader = new TopicReader(database);
        _store = new TopicStore(database, logger);
        _locks = new TopicLocks(database, timeProvider, _instruments, logger);
        var clock = new ResearchClock(timeProvider, _instruments);
        var pauses = new BackgroundPauses(clock);
        _flights = new FlightTable(timeProvider, pauses, typeof(IResearchCache), logger);
        var runner = new ResearchRunner(_reader, _store, _locks, clock, logger);
        _coordinator = new ResearchCoordinator(new LookupCoalescer(_reader), _flights, new BackgroundRefresh(_flights, runner, pauses), pauses, runner, clock, _instruments);
    }

    public async ValueTask<ResearchEntry?> GetFreshAsync(
        string topic, TimeSpan? maxAge = null, CancellationToken cancellationToken = default)
    {
        topic = _topics.Apply(topic, nameof(topic));
        Freshness.ThrowIfNotPositive(maxAge, nameof(maxAge));
        var seen = await _reader.LookAsync(topic, cancellationToken).ConfigureAwait(false);
        return ServeIfFresh(seen, maxAge ?? _options.MaxAge);
    }

    public async Task<IReadOnlyDictionary<string, ResearchEntry>> GetFreshAsync(
        IReadOnlyCollection<string> topics, TimeSpan? maxAge = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topics);
        Freshness.ThrowIfNotPositive(maxAge, nameof(maxAge));
        var places = new Dictionary<string, int>(topics.Count, StringComparer.Ordinal);
        var spellings = new Dictionary<string, string>(topics.Count, StringComparer.Ordinal);
        foreach (var topic in topics)
        {
            var wanted = _topics.Apply(topic, nameof(topics));
            spellings[topic] = wanted;
            _ = places.TryAdd(wanted, places.Count);
        }

        var found = new Dictionary<string, ResearchEntry>(spellings.Count, StringComparer.Ordinal);
        if (places.Count == 0)
        {
            return found;
        }

        var seen = await _reader.LookAsync([.. places.Keys], cancellationToken).ConfigureAwait(false);
        foreach (var (spelling, wanted) in spellings)
        {
            if (ServeIfFresh(seen[places[wanted]], maxAge ?? _options.MaxAge) is { } entry)
            {
                found[spelling] = entry;
            }
        }

        return found;
    }

    public Task<ResearchEntry?> GetLatestAsync(string topic, CancellationToken cancellationToken = default) =>
        _reader.GetLatestAsync(_topics.Apply(topic, nameof(topic)), cancellationToken).AsTask();

    public Task<ResearchEntry> SaveAsync(string topic, string content, CancellationToken cancellationToken = default)
    {
        topic = _topics.Apply(topic, nameof(topic));
        StoredText.ThrowIfBlankOrInvalid(content, nameof(content));
        return _store.SaveAsync(topic, content, cancellationToken).AsTask();
    }

    public async Task<IReadOnlyDictionary<string, ResearchEntry>> SaveAsync(
        IReadOnlyDictionary<string, string> contents, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(contents);
        var entries = new Dictionary<string, ResearchEntry>(contents.Count, StringComparer.Ordinal);
        foreach (var (spelling, content) in contents)
        {
            StoredText.ThrowIfBlankOrInvalid(content, nameof(contents));
            entries[spelling] = new ResearchEntry { Id = Guid.CreateVersion7(), Topic = _topics.Apply(spelling, nameof(contents)), Content = content };
        }

        await _store.SaveAsync([.. entries.Values], cancellationToken).ConfigureAwait(false);
        return entries;
    }

    public ValueTask<ResearchResult> GetOrResearchAsync(
        string topic, Func<ResearchContext, CancellationToken, Task<string>> research, ResearchOptions? options = null, CancellationToken cancellationToken = default)
    {
        topic = _topics.Apply(topic, nameof(topic));
        ArgumentNullException.ThrowIfNull(research);
        var policy = ResearchPolicy.Of(options, _options);
        return CurrentStage.Value is not null || Instruments.Activities.HasListeners() || ResearchInstruments.HasOutcomeListeners
            ? ObservedAsync(topic, research, policy, cancellationToken)
            : _coordinator.ServeAsync(topic, research, policy, cancellationToken);
    }

    public IAsyncEnumerable<ResearchEntry> GetHistoryAsync(string topic, CancellationToken cancellationToken = default) =>
        _reader.EnumerateAsync(_topics.Apply(topic, nameof(topic)), since: null, cancellationToken);

    public Task<int> RemoveAsync(string topic, CancellationToken cancellationToken = default) =>
        _database.ExecuteAsync(
            static async (connection, state, token) =>
            {
                using var command = state._database.CreateCommand(connection, ResearchSql.Remove);
                command.Parameters.Add(PgParameter.Text(state.Item2));
                return await command.ExecuteNonQueryAsync(token).ConfigureAwait(false);
            },
            (_database, _topics.Apply(topic, nameof(topic))),
            cancellationToken).AsTask();

    public Task<ResearchEntry> WriteSystemEventAsync(string message, CancellationToken cancellationToken = default)
    {
        StoredText.ThrowIfBlankOrInvalid(message, nameof(message));
        return _store.SaveAsync(ResearchEntry.SystemTopic, message, cancellationToken).AsTask();
    }

    public IAsyncEnumerable<ResearchEntry> GetSystemEventsAsync(
        DateTimeOffset? since = null, CancellationToken cancellationToken = default) =>
        _reader.EnumerateAsync(ResearchEntry.SystemTopic, since, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _flights.CloseAsync(_options.ShutdownTimeout).ConfigureAwait(false);
        await _locks.DisposeAsync().ConfigureAwait(false);
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private ResearchEntry? ServeIfFresh(Observation? seen, TimeSpan maxAge)
    {
        var reason = Freshness.MissReasonOf(seen, maxAge);
        if (reason == MissReason.None)
        {
            _instruments.CountHit();
            return seen!.Entry;
        }

        _instruments.CountMiss(reason);
        return null;
    }

    private async ValueTask<ResearchResult> ObservedAsync(
        string topic, Func<ResearchContext, CancellationToken, Task<string>> research, ResearchPolicy policy, CancellationToken cancellationToken)
    {
        using var activity = Instruments.Activities.StartActivity("aisystemspec.research");
        try
        {
            var result = await _coordinator.ServeAsync(topic, research, policy, cancellationToken).ConfigureAwait(false);
            _instruments.CountOutcome(result.Outcome);
            CurrentStage.Value?.NoteCacheUse(result.Outcome != ResearchOutcome.Researched);
            Tell(activity, result);
            return result;
        }
        catch (Exception exception)
        {
            _ = activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
            throw;
        }
    }

    public Task<long> ExportAsync(Stream jsonLines, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(jsonLines);
        var export = new RowExport<ResearchEntry>(_database, TransferTable.OfResearch, progress)
        {
            Source = static (context, _) => Task.FromResult<IQueryable<ResearchEntry>>(context.ResearchCache),
        };
        return export.RunAsync(jsonLines, cancellationToken);
    }

    public Task<ImportResult> ImportAsync(
        Stream rows, ImportFormat? format = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new RowImport(_database, TransferTable.OfResearch, progress).RunAsync(rows, format, cancellationToken);
    }

    private static void Tell(Activity? activity, ResearchResult result)
    {
        if (activity is not null)
        {
            var (outcome, reason) = (ResearchInstruments.Outcome(result.Outcome), ResearchInstruments.Reason(result.MissReason));
            _ = activity.SetTag(outcome.Key, outcome.Value).SetTag(reason.Key, reason.Value);
        }
    }
}

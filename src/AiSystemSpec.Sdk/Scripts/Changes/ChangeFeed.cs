using AiSystemSpec.Sdk.Diagnostics;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Scripts.Changes;

/// <summary>One reader's way through the scripts: reads keys, then the scripts that they are of, and moves behind what it hands out.</summary>
internal sealed class ChangeFeed
{
    /// <summary>So many bytes of content are read at once, though one script may be longer.</summary>
    private const long MostBytes = 16L << 20;

    private readonly FeedReader _reader;
    private readonly FeedTrack _track;
    private readonly ILogger _logger;
    private readonly string? _cursor;
    private readonly string? _database;
    private readonly Queue<ScriptKey> _keys = new();
    private FeedLook? _look;
    private bool _isLast;

    /// <param name="reader">What reads.</param>
    /// <param name="cursor">Where to go on; null for the beginning.</param>
    /// <param name="logger">The log.</param>
    /// <exception cref="ArgumentException">The cursor is not one that a feed handed out.</exception>
    public ChangeFeed(FeedReader reader, string? cursor, ILogger logger)
    {
        _reader = reader;
        _logger = logger;
        var (place, seen) = cursor is null ? (null, new XidSet()) : ChangeCursor.Read(cursor, nameof(cursor));
        _track = new FeedTrack(place, seen);
        _cursor = cursor;
        _database = place?.Origin.Database;
    }

    /// <summary>Gets the cursor of the present place; null before the first look.</summary>
    public string? Cursor => _track.Place is { } place ? ChangeCursor.Write(place, _track.Seen) : null;

    /// <summary>Gets whether nothing is known that is yet to be delivered.</summary>
    public bool IsAtRest => _keys.Count == 0 && _track.IsAtRest;

    /// <summary>Gets the snapshot of the last pass; another one means that something was committed.</summary>
    public long? Snapshot => _track.Place is { Phase: not FeedPhase.ByTime } place ? place.Snapshot : null;

    /// <summary>Gets the oldest transaction that was open when the last pass began; null where reading by time.</summary>
    public long? Xmin => _track.Place is { Phase: FeedPhase.Following } place ? place.Xmin : null;

    public ChangeGuarantee Guarantee => _track.Place?.Phase == FeedPhase.ByTime ? ChangeGuarantee.Recent : ChangeGuarantee.AtLeastOnce;

    /// <summary>Looks at the server, and whether the place still means something there.</summary>
    /// <exception cref="ArgumentException">The cursor is of another database.</exception>
    public async Task<FeedLook> LookAsync(CancellationToken cancellationToken)
    {
        var look = await _reader.LookAsync(cancellationToken).ConfigureAwait(false);
        var database = look.Page.Origin.Database;
        if (_database is not null && !string.Equals(_database, database, StringComparison.Ordinal))
        {
            throw OfAnother(_cursor, _database, database);
        }

        _look = look;
        var isByTime = _track.Place?.Phase == FeedPhase.ByTime;
        if (_track.Place is not { } place || isByTime == look.IsHeap || (!isByTime && place.Origin != look.Page.Origin))
        {
            Begin(look);
        }

        return look;
    }

    /// <summary>Passes over all that is there.</summary>
    public async Task SkipAsync(CancellationToken cancellationToken)
    {
        if (_look is null)
        {
            _track.BeginFromNow(await LookAsync(cancellationToken).ConfigureAwait(false));
        }

        do
        {
            await ReadKeysAsync(FeedReader.MostKeys, cancellationToken).ConfigureAwait(false);
            while (_keys.TryDequeue(out var key))
            {
                _track.Move(key);
            }

            EndPassAtItsEnd();
        }
        while (!IsAtRest);
    }

    /// <summary>Goes on in the present pass, or begins one.</summary>
    /// <param name="keys">How many keys to read at once.</param>
    /// <param name="limit">The most scripts to hand out.</param>
    /// <param name="cancellationToken">Cancels the reading; nothing is passed over then.</param>
    /// <returns>Scripts; none where there is nothing new, or a page of keys led to nothing.</returns>
    public async Task<List<ScriptChange>> ReadAsync(int keys, int limit, CancellationToken cancellationToken)
    {
        if (_keys.Count == 0)
        {
            await ReadKeysAsync(keys, cancellationToken).ConfigureAwait(false);
        }

        var chunk = NextChunk(limit);
        var scripts = await ReadScriptsAsync([.. chunk.Where(_track.IsNew)], cancellationToken).ConfigureAwait(false);
        var changes = new List<ScriptChange>();
        foreach (var key in chunk)
        {
            _ = _keys.Dequeue();
            var script = _track.IsNew(key) ? scripts.GetValueOrDefault(key.Id) : null;
            _track.Move(key);
            if (script is not null)
            {
                changes.Add(ChangeOf(script));
            }
        }

        EndPassAtItsEnd();
        return changes;
    }

    /// <summary>Reads, between two passes, what an index finds of the last half minute.</summary>
    public async Task<List<ScriptChange>> ReadRecentAsync(int limit, CancellationToken cancellationToken)
    {
        var page = await _reader.ReadRecentAsync(_track.Behind, _track.Seen, _track.Early, limit, cancellationToken).ConfigureAwait(false);
        if (page.Origin != _track.Place!.Origin)
        {
            return []; // the next look begins anew
        }

        var scripts = await ReadScriptsAsync(page.Keys, cancellationToken).ConfigureAwait(false);
        foreach (var key in page.Keys)
        {
            _track.MoveEarly(key);
        }

        return [.. page.Keys.Select(key => scripts.GetValueOrDefault(key.Id)).OfType<Script>().Select(ChangeOf)];
    }

    private ScriptChange ChangeOf(Script script) => new() { Script = script, Cursor = Cursor!, Guarantee = Guarantee };

    private static ArgumentException OfAnother(string? cursor, string its, string here) => new(
        $"The cursor is of the database \"{its}\", and this is \"{here}\". Pass it to the services of that database, or null for the beginning.", nameof(cursor));

    private void Begin(FeedLook look)
    {
        if (_track.Place is not null)
        {
            Log.FeedBegunAnew(_logger, look.Page.Origin.Database);
        }

        if (!look.IsHeap)
        {
            Log.FeedByTime(_logger);
        }

        _keys.Clear();
        _track.Begin(look);
    }

    private async Task ReadKeysAsync(int count, CancellationToken cancellationToken)
    {
        var look = _look ?? await LookAsync(cancellationToken).ConfigureAwait(false);
        var page = await ReadPageAsync(look, count, cancellationToken).ConfigureAwait(false);
        while (_track.Place!.Phase != FeedPhase.ByTime && page.Origin != _track.Place.Origin) // the server began anew between two statements
        {
            look = await LookAsync(cancellationToken).ConfigureAwait(false);
            page = await ReadPageAsync(look, count, cancellationToken).ConfigureAwait(false);
        }

        _track.BeginPass(page);
        _isLast = page.IsLast;
        foreach (var key in page.Keys)
        {
            _keys.Enqueue(key);
        }
    }

    private Task<KeyPage> ReadPageAsync(FeedLook look, int count, CancellationToken cancellationToken)
    {
        var place = _track.Place!;
        return place.Phase switch
        {
            FeedPhase.Beginning => _reader.ReadBeginningAsync(place.Xmin, place.After, look.IsLocal, count, cancellationToken),
            FeedPhase.Following => _reader.ReadFollowingAsync(_track.Behind, _track.Seen, count, cancellationToken),
            _ => _reader.ReadByTimeAsync(place.After, look.IsLocal, count, cancellationToken),
        };
    }

    private void EndPassAtItsEnd()
    {
        if (_keys.Count == 0 && _isLast)
        {
            _isLast = false;
            _track.EndPass();
        }
    }

    private List<ScriptKey> NextChunk(int limit)
    {
        long bytes = 0;
        return [.. _keys.Take(limit).TakeWhile(key => (bytes += key.Size) <= MostBytes || bytes == key.Size)];
    }

    private async Task<IReadOnlyDictionary<Guid, Script>> ReadScriptsAsync(IReadOnlyList<ScriptKey> keys, CancellationToken cancellationToken) =>
        keys.Count == 0
            ? new Dictionary<Guid, Script>()
            : await _reader.ReadScriptsAsync([.. keys.Select(key => key.Id)], cancellationToken).ConfigureAwait(false);
}

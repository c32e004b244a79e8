using AiSystemSpec.Sdk.Paging;

namespace AiSystemSpec.Sdk.Scripts.Changes;

/// <summary>
/// Keeps a feed's place as it moves over keys. By transaction, a pass reads what became visible since the pass before began: what is
/// committed while it runs is of a transaction that was open at its begin, or of a later one, and so belongs to the next. By time the same
/// holds for what is committed within the look back.
/// </summary>
internal sealed class FeedTrack(FeedPlace? place, XidSet seen)
{
    private const long LookBack = 60L * 1_000_000; // the server's microseconds

    // What the next pass would read though it was delivered already, by id: with its transaction, or by time with its moment.
    private readonly Dictionary<Guid, long> _early = [];

    public FeedPlace? Place { get; private set; } = place;

    /// <summary>Gets the transactions beyond the place that were delivered.</summary>
    public XidSet Seen => seen;

    /// <summary>Gets whether a pass has ended, and none has begun.</summary>
    public bool IsAtRest => Place is { At: null, Phase: not FeedPhase.Beginning };

    /// <summary>Gets the ids of what was delivered before its pass.</summary>
    public Guid[] Early => [.. _early.Keys];

    /// <summary>Gets where reading by transaction goes on.</summary>
    public XidPosition Behind => Place!.At ?? XidPosition.Before(Place.Xmin);

    /// <summary>Begins with what is there.</summary>
    public void Begin(FeedLook look)
    {
        seen.Clear();
        _early.Clear();
        Place = new FeedPlace
        {
            Origin = look.Page.Origin,
            Phase = look.IsHeap ? FeedPhase.Beginning : FeedPhase.ByTime,
            Xmin = look.Page.Xmin,
            Snapshot = look.Page.Snapshot,
        };
    }

    /// <summary>Begins with what is yet to be committed.</summary>
    public void BeginFromNow(FeedLook look)
    {
        Begin(look);
        Place = Place! with
        {
            Phase = look.IsHeap ? FeedPhase.Following : FeedPhase.ByTime,
            After = look.IsHeap ? null : new KeysetPosition(look.Page.Now, Guid.Empty),
        };
    }

    /// <summary>Begins a pass with the first page that it reads, unless one is under way.</summary>
    public void BeginPass(KeyPage page)
    {
        if (IsAtRest)
        {
            Place = Place!.Phase == FeedPhase.ByTime
                ? Place with { Xmin = page.Now, At = default(XidPosition) }
                : Place with { Xmin = page.Xmin, Snapshot = page.Snapshot, At = Behind };
        }
    }

    /// <summary>Whether a script is yet to be delivered, of a key that was read.</summary>
    public bool IsNew(ScriptKey key) => !seen.Contains(key.Xid) && (!_early.TryGetValue(key.Id, out var known) || known != MarkOf(key));

    /// <summary>Moves behind a key of the present pass.</summary>
    public void Move(ScriptKey key)
    {
        if (Place!.Phase == FeedPhase.Following)
        {
            if (Place.At is { } at && at.Xid < key.Xid)
            {
                Complete(at.Xid);
            }

            Place = Place with { At = new XidPosition(key.Xid, key.Id) };
            return;
        }

        Place = Place with { After = new KeysetPosition(key.Moment, key.Id) };
        if (Place.Phase == FeedPhase.ByTime && key.Moment >= Place.Xmin - LookBack)
        {
            _early[key.Id] = MarkOf(key);
        }
    }

    /// <summary>Notes a script that is delivered before its pass.</summary>
    public void MoveEarly(ScriptKey key) => _early[key.Id] = MarkOf(key);

    /// <summary>Ends the present pass behind its last key.</summary>
    public void EndPass()
    {
        switch (Place!.Phase)
        {
            case FeedPhase.Beginning: // what was committed since is the first pass; what is committed while it runs, the second
                Place = Place with { Phase = FeedPhase.Following, After = null, At = XidPosition.Before(Place.Xmin) };
                break;
            case FeedPhase.Following:
                Complete(Place.At!.Value.Xid);
                Place = Place with { At = null };
                seen.RemoveBelow(Place.Xmin);
                _early.Clear();
                break;
            default:
                EndPassByTime(Place.Xmin - LookBack);
                break;
        }
    }

    private void EndPassByTime(long settled)
    {
        Place = Place! with { At = null, After = Place.After is { Moment: { } moment } && moment > settled ? new KeysetPosition(settled, Guid.Empty) : Place.After };
        foreach (var (id, _) in _early.Where(known => known.Value < settled).ToList())
        {
            _ = _early.Remove(id);
        }
    }

    /// <summary>All of a transaction's scripts are delivered: they became visible together.</summary>
    private void Complete(long xid)
    {
        if (xid >= Place!.Xmin)
        {
            seen.Add(xid);
        }
    }

    private long MarkOf(ScriptKey key) => Place!.Phase == FeedPhase.ByTime ? key.Moment ?? long.MinValue : key.Xid;
}

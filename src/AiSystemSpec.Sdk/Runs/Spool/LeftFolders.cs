using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Runs.Queue;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>
/// The folders that other processes left in the spool directory. Those whose rows are this database's are replayed in their order, a few
/// open at a time; the others are left alone and reported once.
/// </summary>
internal sealed class LeftFolders(
    string directory, SpoolQuota quota, SpoolDamage damage, RunLogState state, TimeProvider timeProvider, ILogger logger, Func<bool> mayRemove) : IDisposable
{
    /// <summary>How often folders of dead processes are looked for.</summary>
    public static readonly TimeSpan RescanInterval = TimeSpan.FromSeconds(30);

    // Many small folders go into one batch. Each costs three of the host's handles.
    private const int MostOpen = 8;

    private readonly Queue<Waiting> _waiting = new();
    private readonly List<(LeftSpool Spool, Waiting Known)> _open = [];
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);
    private DatabaseIdentity? _scannedFor;
    private long _scannedAt;
    private long _rows;

    /// <summary>Gets about how many rows wait in folders of this database.</summary>
    public long Rows => Volatile.Read(ref _rows);

    /// <summary>Gets whether folders of this database are left.</summary>
    public bool HasMore => _open.Count > 0 || _waiting.Count > 0;

    /// <summary>The folder to read next; null where none is left, or enough are open.</summary>
    /// <param name="own">This database.</param>
    /// <param name="isRead">Whether a folder is read already.</param>
    public LeftSpool? Next(DatabaseIdentity own, Func<LeftSpool, bool> isRead)
    {
        ScanIfDue(own);
        if (_open.Find(open => !isRead(open.Spool)).Spool is { } unread)
        {
            return unread;
        }

        while (_open.Count < MostOpen && _waiting.TryDequeue(out var next))
        {
            if (TryOpen(next))
            {
                return _open[^1].Spool;
            }
        }

        return null;
    }

    /// <summary>Ends a folder, all of which was read.</summary>
    public void End(LeftSpool spool)
    {
        var ended = Remove(spool);
        if (!spool.End())
        {
            _ = _ended.Add(ended.Look.Folder.Name);
            Report(ended.Look, "something in it could not be dealt with");
        }
    }

    /// <summary>Puts a folder off, which cannot be read now: the others must not wait for it.</summary>
    public void PutOff(LeftSpool spool, Exception exception)
    {
        Report(Remove(spool).Look, exception.Message);
        spool.Dispose();
    }

    /// <summary>Rows of a folder were dealt with.</summary>
    public void Count(LeftSpool spool, int rows)
    {
        if (_open.Find(open => open.Spool == spool).Known is { } known)
        {
            known.Rows = Math.Max(0, known.Rows - rows);
            Sum();
        }
    }

    public void Dispose() => _open.ForEach(open => open.Spool.Dispose());

    private bool TryOpen(Waiting next)
    {
        try
        {
            if (LeftSpool.TryTake(next.Look, damage, mayRemove) is { } taken)
            {
                _open.Add((taken, next));
                Log.SpoolTaken(logger, next.Rows);
                return true;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Report(next.Look, exception.Message);
        }

        Forget(next); // another process has it, or it cannot be read now
        return false;
    }

    private void ScanIfDue(DatabaseIdentity own)
    {
        if (_scannedFor == own && timeProvider.GetElapsedTime(_scannedAt) < RescanInterval)
        {
            return;
        }

        (_scannedFor, _scannedAt) = (own, timeProvider.GetTimestamp());
        try
        {
            Scan(own);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The directory is gone or closed: so is what might have been left in it.
        }

        Sum();
    }

    private void Scan(DatabaseIdentity own)
    {
        var known = Known.Select(waiting => waiting.Look.Folder.Name).ToHashSet(StringComparer.Ordinal);
        var leftAlone = 0;
        foreach (var folder in SpoolFolder.In(directory).Where(folder => !known.Contains(folder.Name)))
        {
            var look = FolderLook.At(folder);
            if (look.State == FolderState.Left && look.Owner is { } owner && own.Owns(owner) && !_ended.Contains(folder.Name))
            {
                Add(look);
            }
            else if (look.State != FolderState.Held && (look.Owner is not null || look.State != FolderState.Left))
            {
                leftAlone++;
                Report(look, ReasonOf(look));
            }
        }

        state.SpoolFoldersLeftAlone = leftAlone;
    }

    private void Add(FolderLook look)
    {
        try
        {
            _waiting.Enqueue(new Waiting(look) { Rows = look.CountWaiting() });
            quota.Count(look.Bytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Report(look, exception.Message);
        }
    }

    private Waiting Remove(LeftSpool spool)
    {
        var at = _open.FindIndex(open => open.Spool == spool);
        var known = _open[at].Known;
        _open.RemoveAt(at);
        Forget(known);
        return known;
    }

    private void Forget(Waiting known)
    {
        quota.Count(-known.Look.Bytes);
        Sum();
    }

    private IEnumerable<Waiting> Known => _open.Select(open => open.Known).Concat(_waiting);

    private void Sum() => Volatile.Write(ref _rows, Known.Sum(waiting => waiting.Rows));

    private void Report(FolderLook look, string reason)
    {
        if (_reported.Add(look.Folder.Name))
        {
            Log.SpoolLeftAlone(logger, look.Folder.Name, reason);
            state.Instruments.CountLeftAlone();
        }
    }

    private static string ReasonOf(FolderLook look) => look.State switch
    {
        FolderState.OtherVersion => "it is of another version of the SDK",
        FolderState.Unknown => "nothing in it says whose rows it holds",
        FolderState.Unreadable => look.Error ?? "it cannot be read",
        _ => "its rows are meant for another database",
    };

    private sealed class Waiting(FolderLook look)
    {
        public FolderLook Look { get; } = look;

        public long Rows { get; set; }
    }
}

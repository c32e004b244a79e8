using AiSystemSpec.Sdk.Diagnostics;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>
/// The folders that other processes left in the spool directory. Those whose rows are this database's are replayed one after the other, one
/// open at a time; the others are left alone and reported once.
/// </summary>
internal sealed class LeftFolders(
    string directory, SpoolQuota quota, SpoolDamage damage, RunLogState state, TimeProvider timeProvider, ILogger logger, Func<bool> mayRemove) : IDisposable
{
    /// <summary>How often folders of dead processes are looked for.</summary>
    public static readonly TimeSpan RescanInterval = TimeSpan.FromSeconds(30);

    private readonly Queue<Waiting> _waiting = new();
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);
    private LeftSpool? _open;
    private DatabaseIdentity? _scannedFor;
    private long _scannedAt;
    private long _rows;

    /// <summary>Gets about how many rows wait in folders of this database.</summary>
    public long Rows => Volatile.Read(ref _rows);

    /// <summary>The folder to read next; null where none is left.</summary>
    public LeftSpool? Next(DatabaseIdentity own)
    {
        ScanIfDue(own);
        while (_open is null && _waiting.TryPeek(out var next))
        {
            Open(next);
        }

        return _open;
    }

    /// <summary>Ends the open folder, all of which was read.</summary>
    public void End()
    {
        var ended = _waiting.Peek();
        Forget();
        if (!_open!.End())
        {
            _ = _ended.Add(ended.Look.Folder.Name);
            Report(ended.Look, "something in it could not be dealt with");
        }

        _open = null;
    }

    /// <summary>Puts the open folder off, which cannot be read now: the others must not wait for it.</summary>
    public void PutOff(Exception exception)
    {
        Report(_waiting.Peek().Look, exception.Message);
        Forget();
        _open?.Dispose();
        _open = null;
    }

    /// <summary>Rows of the open folder were dealt with.</summary>
    public void Count(int rows)
    {
        var known = _waiting.Peek();
        known.Rows = Math.Max(0, known.Rows - rows);
        Sum();
    }

    public void Dispose() => _open?.Dispose();

    private void Open(Waiting next)
    {
        try
        {
            _open = LeftSpool.TryTake(next.Look, damage, mayRemove);
            if (_open is null)
            {
                Forget(); // another process has it
            }
            else
            {
                Log.SpoolTaken(logger, next.Rows);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            PutOff(exception);
        }
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
        var known = _waiting.Select(waiting => waiting.Look.Folder.Name).ToHashSet(StringComparer.Ordinal);
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

    private void Forget()
    {
        quota.Count(-_waiting.Dequeue().Look.Bytes);
        Sum();
    }

    private void Sum() => Volatile.Write(ref _rows, _waiting.Sum(waiting => waiting.Rows));

    private void Report(FolderLook look, string reason)
    {
        if (_reported.Add(look.Folder.Name))
        {
            Log.SpoolLeftAlone(logger, look.Folder.Name, reason);
            RunInstruments.SpoolLeftAlone.Add(1);
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

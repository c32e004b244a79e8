using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Runs.Formatting;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>
/// This process's folders: one, made when it is needed and the disk takes it, and those that someone took away, whose rows can still be
/// read and move into the next.
/// </summary>
internal sealed class OwnSpools(Func<OwnSpool> create, TimeProvider timeProvider, ILogger logger) : IDisposable
{
    // How long a disk that failed is left alone: each attempt costs the pipeline time.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly List<OwnSpool> _gone = [];
    private OwnSpool? _current;
    private long _failedAt;
    private long _beatAt = timeProvider.GetTimestamp();
    private long? _clockOffset;
    private int _missing;
    private bool _isClosed;

    public long Waiting
    {
        get
        {
            lock (_lock)
            {
                return _gone.Sum(gone => gone.Waiting) + (_current?.Waiting ?? 0);
            }
        }
    }

    /// <summary>Gets the folders to read, in order.</summary>
    public IReadOnlyList<IRowSource> Sources
    {
        get
        {
            lock (_lock)
            {
                return _current is null ? [.. _gone] : [.. _gone, _current];
            }
        }
    }

    /// <summary>Appends a row; false where the disk does not take it now.</summary>
    public bool TryAppend(StoredRow row)
    {
        if (IsPausing())
        {
            return false;
        }

        try
        {
            var isAppended = (Volatile.Read(ref _current) is { IsGone: false } current ? current : Renew())?.TryAppend(row) == true;
            if (isAppended && Volatile.Read(ref _failedAt) != 0)
            {
                Volatile.Write(ref _failedAt, 0);
            }

            return isAppended;
        }
        catch (Exception exception)
        {
            // Whatever the disk does, the call goes on, and the row waits in memory.
            if (Interlocked.Exchange(ref _failedAt, Math.Max(1, timeProvider.GetTimestamp())) == 0)
            {
                Log.SpoolFailed(logger, exception);
            }

            return false;
        }
    }

    /// <summary>How many rows turned out to be missing while they were moved.</summary>
    public int TakeMissing() => Interlocked.Exchange(ref _missing, 0);

    public void RememberClock(long offset)
    {
        lock (_lock)
        {
            _clockOffset = offset;
            _current?.RememberClock(offset);
        }
    }

    /// <summary>Forces rows to the disk, looks after the folder and shows that the process lives, now and then.</summary>
    public void Tend()
    {
        var current = Volatile.Read(ref _current);
        current?.Tend();
        if (timeProvider.GetElapsedTime(_beatAt) >= FolderLock.HeartbeatInterval)
        {
            _beatAt = timeProvider.GetTimestamp();
            current?.Beat();
        }
    }

    /// <summary>Moves rows out of folders that were taken away, by the reader's thread: nobody else would find them.</summary>
    public void Rehome()
    {
        if (Volatile.Read(ref _current) is { IsGone: true })
        {
            _ = TryRenew();
        }

        foreach (var gone in Gone())
        {
            if (!TryMove(gone))
            {
                return;
            }

            lock (_lock)
            {
                _ = _gone.Remove(gone);
            }

            gone.Dispose();
        }
    }

    public void Dispose()
    {
        Tend();
        Rehome();
        List<OwnSpool> all;
        lock (_lock)
        {
            _isClosed = true;
            all = _current is null ? [.. _gone] : [.. _gone, _current];
            _current = null;
            _gone.Clear();
        }

        all.ForEach(spool => spool.Dispose());
    }

    private List<OwnSpool> Gone()
    {
        lock (_lock)
        {
            return [.. _gone];
        }
    }

    private bool IsPausing() =>
        Volatile.Read(ref _failedAt) is var failedAt && failedAt != 0 && timeProvider.GetElapsedTime(failedAt) < Pause;

    private bool TryRenew()
    {
        try
        {
            return !IsPausing() && Renew() is not null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // the next row tries again, and reports it
        }
    }

    /// <summary>Makes the folder, or another in the place of one that was taken away.</summary>
    private OwnSpool? Renew()
    {
        lock (_lock)
        {
            if (_isClosed || _current is { IsGone: false })
            {
                return _current;
            }

            if (_current is not null)
            {
                Log.SpoolGone(logger, _current.Path);
                _current.Close();
                _gone.Add(_current);
                _current = null;
            }

            _current = create();
            if (_clockOffset is { } offset)
            {
                _current.RememberClock(offset);
            }

            return _current;
        }
    }

    /// <summary>Moves rows one by one, so that each waits in one place.</summary>
    private bool TryMove(OwnSpool gone)
    {
        try
        {
            while (gone.Read(limit: 1, long.MaxValue) is var rows && (rows.Count > 0 || gone.HasMissing))
            {
                foreach (var row in rows)
                {
                    row.MayExist = true; // it may have been sent
                    if (!TryAppend(row))
                    {
                        return false;
                    }
                }

                _missing += gone.Release() - rows.Count;
            }

            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}

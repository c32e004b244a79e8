using AiSystemSpec.Sdk.Runs.Formatting;
using AiSystemSpec.Sdk.Runs.Queue;

namespace AiSystemSpec.Sdk.Runs.Writing;

/// <summary>
/// The oldest rows of the queue, as the writer has read them. What it learned of them stays with them when it reads on: they are released
/// together, when each is dealt with.
/// </summary>
internal sealed class BatchWindow(IRowQueue queue)
{
    // Where all that was read is refused, rows further behind may be good; memory bounds how far it looks.
    private const int WidestWindow = 8;

    private IReadOnlyList<StoredRow> _rows = [];
    private int _width = 1;
    private bool _hasDone;
    private long _dealtWith; // both numbers in one: they are read together

    /// <summary>Gets how many of the rows are written or set aside, and still in the queue: on disk, and in memory.</summary>
    public (int OnDisk, int InMemory) DealtWith
    {
        get
        {
            var both = Volatile.Read(ref _dealtWith);
            return ((int)(both >> 32), (int)both);
        }
    }

    /// <summary>Gets the rows that were read and are not released.</summary>
    public IReadOnlyList<StoredRow> Rows => _rows;

    /// <summary>Gets whether there are rows, and all are dealt with.</summary>
    public bool IsDone => _rows.Count > 0 && _rows.All(row => row.IsDone);

    /// <summary>Gets whether these rows are all that wait.</summary>
    public bool IsAll => queue.Waiting <= _rows.Count;

    /// <summary>Reads what waits, and returns the rows that are not dealt with.</summary>
    public IReadOnlyList<StoredRow> Read()
    {
        if (_rows.Count == 0 || !IsAll)
        {
            _rows = Carry(_rows, queue.Peek(BatchBound.MostRows * _width, BatchBound.MostBytes * _width));
        }

        Count();
        return !_hasDone ? _rows : [.. _rows.Where(row => !row.IsDone)];
    }

    /// <summary>Notes which rows were dealt with since.</summary>
    public void Count()
    {
        var (onDisk, inMemory) = (0L, 0L);
        foreach (var row in _rows.Where(row => row.IsDone))
        {
            onDisk += row.IsSpooled ? 1 : 0;
            inMemory += row.IsSpooled ? 0 : 1;
        }

        _hasDone = onDisk + inMemory > 0;
        Volatile.Write(ref _dealtWith, (onDisk << 32) | inMemory);
    }

    /// <summary>Looks further next time.</summary>
    public void Widen() => _width = IsAll ? _width : Math.Min(WidestWindow, 2 * _width);

    /// <summary>Removes the rows from the queue.</summary>
    /// <returns>How many of them were added by this process.</returns>
    public int Release()
    {
        var own = queue.Release();
        _rows = [];
        _width = 1;
        Count();
        return own;
    }

    /// <summary>What was read before comes first again, as the queue promises, but for folders that can no longer be read.</summary>
    private static IReadOnlyList<StoredRow> Carry(IReadOnlyList<StoredRow> known, IReadOnlyList<StoredRow> read)
    {
        if (known.Count == 0)
        {
            return read;
        }

        var rows = read.ToList();
        for (int at = 0, next = 0; at < rows.Count && next < known.Count; at++)
        {
            var same = next;
            while (same < known.Count && known[same].Id != rows[at].Id)
            {
                same++;
            }

            if (same < known.Count)
            {
                (rows[at], next) = (known[same], same + 1);
            }
        }

        return rows;
    }
}

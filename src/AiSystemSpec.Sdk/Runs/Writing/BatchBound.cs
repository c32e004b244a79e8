using AiSystemSpec.Sdk.Runs.Formatting;
namespace AiSystemSpec.Sdk.Runs.Writing;

/// <summary>
/// How much goes into one statement: it shrinks where a time limit is met, and grows again. Growing too early costs a failed statement,
/// so that each time it does, more good ones are waited for.
/// </summary>
internal sealed class BatchBound
{
    public const int MostRows = 5_000;
    public const long MostBytes = 4L << 20;

    private const int LeastPatience = 4;
    private const int MostPatience = 1_024;

    private int _rows = MostRows;
    private long _bytes = MostBytes;
    private int _patience = LeastPatience;
    private int _good;

    /// <summary>How many of the rows go into the next statement: one at least.</summary>
    public int Fit(ReadOnlySpan<StoredRow> rows)
    {
        var bytes = _bytes;
        var count = 0;
        while (count < rows.Length && count < _rows && (bytes -= rows[count].Size) >= 0)
        {
            count++;
        }

        return rows.IsEmpty ? 0 : Math.Max(1, count);
    }

    /// <summary>A statement with these rows took too long.</summary>
    public void Shrink(ReadOnlySpan<StoredRow> rows)
    {
        var bytes = 0L;
        foreach (var row in rows)
        {
            bytes += row.Size;
        }

        _patience = IsShrunk ? Math.Min(MostPatience, 2 * _patience) : LeastPatience;
        _rows = Math.Max(1, rows.Length / 2);
        _bytes = Math.Max(1, bytes / 2);
        _good = 0;
    }

    /// <summary>A statement was good.</summary>
    public void Grow()
    {
        if (IsShrunk && ++_good >= _patience)
        {
            _rows = Math.Min(MostRows, 2 * _rows);
            _bytes = Math.Min(MostBytes, 2 * _bytes);
            _good = 0;
        }
    }

    private bool IsShrunk => _rows < MostRows || _bytes < MostBytes;
}

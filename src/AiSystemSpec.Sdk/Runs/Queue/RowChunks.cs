using AiSystemSpec.Sdk.Runs.Formatting;
namespace AiSystemSpec.Sdk.Runs.Queue;

/// <summary>
/// A first-in, first-out list of rows in linked chunks: it neither copies when it grows nor holds memory for a capacity that is never used,
/// and chunks are used again, so that a steady flow allocates nothing. Not safe for parallel callers.
/// </summary>
internal sealed class RowChunks
{
    private const int ChunkSize = 256; // about 40 KB: below the large object heap
    private const int MaxSpare = 32;

    private readonly Queue<HandedOverRow[]> _chunks = new();
    private readonly Stack<HandedOverRow[]> _spare = new();
    private HandedOverRow[]? _last;
    private int _first;
    private int _next = ChunkSize;

    public int Count { get; private set; }

    /// <summary>Makes room for one more row and returns it, to be filled by the caller.</summary>
    public ref HandedOverRow Add()
    {
        if (_next == ChunkSize)
        {
            _last = _spare.TryPop(out var spare) ? spare : new HandedOverRow[ChunkSize];
            _chunks.Enqueue(_last);
            _next = 0;
        }

        Count++;
        return ref _last![_next++];
    }

    /// <summary>Copies the oldest rows without removing them.</summary>
    public void CopyTo(List<HandedOverRow> rows, int count)
    {
        var at = _first;
        foreach (var chunk in _chunks)
        {
            var length = Math.Min(count, ChunkSize - at);
            rows.AddRange(chunk.AsSpan(at, length));
            count -= length;
            at = 0;
            if (count == 0)
            {
                return;
            }
        }
    }

    /// <summary>Removes the oldest rows.</summary>
    public void Remove(int count)
    {
        Count -= count;
        while (count > 0)
        {
            var chunk = _chunks.Peek();
            var length = Math.Min(count, ChunkSize - _first);
            chunk.AsSpan(_first, length).Clear(); // what the rows refer to must not live on
            _first += length;
            count -= length;
            if (_first == ChunkSize)
            {
                Recycle(_chunks.Dequeue());
                _first = 0;
            }
        }
    }

    private void Recycle(HandedOverRow[] chunk)
    {
        if (ReferenceEquals(chunk, _last))
        {
            _last = null;
        }

        if (_spare.Count < MaxSpare)
        {
            _spare.Push(chunk);
        }
    }
}

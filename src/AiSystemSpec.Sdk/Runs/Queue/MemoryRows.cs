using System.Runtime.InteropServices;
using AiSystemSpec.Sdk.Runs.Writing;

namespace AiSystemSpec.Sdk.Runs.Queue;

/// <summary>The memory queue as the writer's source: rows are formatted when they are taken, on the writer's time.</summary>
internal sealed class MemoryRows(MemoryQueue queue, RowFormatter formatter) : IRowSource
{
    private readonly List<HandedOverRow> _taken = [];

    public long Waiting => queue.Count;

    public IReadOnlyList<StoredRow> Peek(int limit)
    {
        queue.CopyTo(_taken, limit);
        if (_taken.Count == 0)
        {
            return [];
        }

        var rows = new StoredRow[_taken.Count];
        for (var at = 0; at < rows.Length; at++)
        {
            rows[at] = formatter.Format(CollectionsMarshal.AsSpan(_taken)[at]);
        }

        _taken.Clear();
        return rows;
    }

    public void Release(int count) => queue.Release(count);
}

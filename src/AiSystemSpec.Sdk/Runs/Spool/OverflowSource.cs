using AiSystemSpec.Sdk.Runs.Formatting;
using AiSystemSpec.Sdk.Runs.Queue;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>What the disk did not take.</summary>
internal sealed class OverflowSource(MemoryQueue memory) : IRowSource
{
    public IReadOnlyList<StoredRow> Read(int limit, long maxBytes) => memory.Peek(limit, maxBytes);

    public int Release() => memory.Release();
}

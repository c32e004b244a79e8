using AiSystemSpec.Sdk.Runs.Writing;

namespace AiSystemSpec.Sdk.Runs.Queue;

/// <summary>Where the background writer takes rows from, oldest first.</summary>
internal interface IRowSource
{
    long Waiting { get; }

    /// <summary>Reads the oldest rows, which stay where they are.</summary>
    IReadOnlyList<StoredRow> Peek(int limit);

    /// <summary>Removes the rows that were read last.</summary>
    void Release(int count);
}

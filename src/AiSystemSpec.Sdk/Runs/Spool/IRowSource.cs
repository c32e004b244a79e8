using AiSystemSpec.Sdk.Runs.Formatting;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>A place where rows wait, oldest first.</summary>
internal interface IRowSource
{
    /// <summary>Reads the oldest rows, which stay where they are.</summary>
    IReadOnlyList<StoredRow> Read(int limit, long maxBytes);

    /// <summary>Removes the rows that were read last.</summary>
    /// <returns>How many rows of this process that were, with those that turned out to be missing.</returns>
    int Release();
}

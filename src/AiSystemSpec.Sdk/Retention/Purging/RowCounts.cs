namespace AiSystemSpec.Sdk.Retention.Purging;

/// <summary>Rows by kind.</summary>
internal sealed class RowCounts
{
    private readonly long[] _rows = new long[Enum.GetValues<RowKind>().Length];

    public void Add(RowKind kind, long rows) => _rows[(int)kind] += rows;

    public RetentionResult ToResult() => new()
    {
        ResearchRows = _rows[(int)RowKind.Research],
        SystemEventRows = _rows[(int)RowKind.SystemEvent],
        ScriptRows = _rows[(int)RowKind.Script],
        RunRows = _rows[(int)RowKind.Run],
    };
}

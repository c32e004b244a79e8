namespace AiSystemSpec.Sdk.Retention.Purging;

/// <summary>Rows to delete.</summary>
/// <param name="Rows">The rows, oldest first.</param>
/// <param name="Next">Where to look for more; null where there are no more.</param>
internal sealed record FoundRows(FoundRow[] Rows, RowPosition? Next);

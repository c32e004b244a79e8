namespace AiSystemSpec.Sdk.Retention.Purging;

/// <summary>A place in the order in which rows are deleted.</summary>
/// <param name="Moment">
/// The row's <c>created_at</c> as the server sends it, in microseconds; the latest moment for a row that has none.
/// </param>
/// <param name="Id">Its id.</param>
internal sealed record RowPosition(long Moment, Guid Id);

namespace AiSystemSpec.Sdk;

/// <summary>Which page of a keyset-paged list to read, and how long it is.</summary>
public sealed record PageRequest
{
    /// <summary>The most rows of a page: 1,000.</summary>
    public const int MaxLimit = 1_000;

    /// <summary>Gets the <see cref="Page{T}.NextCursor"/> of the page before.</summary>
    /// <value><see langword="null"/> by default: the first page.</value>
    public string? Cursor { get; init; }

    /// <summary>Gets the most rows to return, 1 to 1,000.</summary>
    /// <value>The list's own default, which it documents, where null.</value>
    public int? Limit { get; init; }
}

namespace AiSystemSpec.Sdk;

/// <summary>One page of a keyset-paged list.</summary>
/// <typeparam name="T">The kind of row.</typeparam>
public sealed record Page<T>
{
    /// <summary>Gets the page's rows, in the order that the list documents.</summary>
    public required IReadOnlyList<T> Items { get; init; }

    /// <summary>
    /// Gets the cursor that continues behind the last row of this page; <see langword="null"/> on the last page. Opaque: pass it on as it
    /// is.
    /// </summary>
    public string? NextCursor { get; init; }
}

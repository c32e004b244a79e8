namespace AiSystemSpec.Sdk;

/// <summary>One page of a keyset-paged list.</summary>
/// <typeparam name="T">The kind of row.</typeparam>
/// <param name="Items">The page's rows, in the order that the list documents.</param>
/// <param name="NextCursor">Continues behind the last row of this page; <see langword="null"/> on the last page. Opaque: pass it on as it is.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

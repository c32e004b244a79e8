using AiSystemSpec.Sdk.Rows;
namespace AiSystemSpec.Sdk.Paging;

/// <summary>A row with its true place, which its own <c>CreatedAt</c> need not tell: .NET has not all of the server's years.</summary>
/// <typeparam name="T">The kind of row.</typeparam>
internal sealed class KeysetRow<T>
    where T : class, IKeysetRow
{
    public required T Row { get; init; }

    public required long? Moment { get; init; }

    public KeysetPosition Position => new(Moment, Row.Id);
}

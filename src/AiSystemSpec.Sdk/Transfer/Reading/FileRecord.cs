namespace AiSystemSpec.Sdk.Transfer.Reading;

/// <summary>One row of a file, or why there is none.</summary>
/// <param name="Line">The line on which it begins.</param>
/// <param name="Values">The texts of the table's columns; null where it cannot be read.</param>
/// <param name="Error">What is wrong with it; null where it can be read.</param>
internal sealed record FileRecord(long Line, string?[]? Values, string? Error)
{
    public static FileRecord Broken(long line, string error) => new(line, null, error);

    /// <summary>Gets about how much memory it takes.</summary>
    public long Size => Values?.Sum(value => value?.Length ?? 0L) ?? 0;
}

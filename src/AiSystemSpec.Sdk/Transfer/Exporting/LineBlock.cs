namespace AiSystemSpec.Sdk.Transfer.Exporting;

/// <summary>Lines that were read at once.</summary>
/// <param name="Lines">The lines.</param>
/// <param name="Read">How many ids are dealt with: rows that are gone, and such as are not wanted, too.</param>
/// <param name="Count">How many lines there are.</param>
internal sealed record LineBlock(ReadOnlyMemory<byte> Lines, int Read, int Count);

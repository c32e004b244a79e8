namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>A file of records as far as it may be read.</summary>
/// <param name="Number">Its number in the folder.</param>
/// <param name="End">How far it may be read.</param>
/// <param name="IsSealed">Whether nothing will be appended any more.</param>
/// <param name="EndOrdinal">The number behind its last row; 0 where it is not known.</param>
internal readonly record struct SpoolFile(long Number, long End, bool IsSealed, long EndOrdinal);

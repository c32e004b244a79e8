namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>A place between two rows of a folder.</summary>
/// <param name="File">The file's number; 0 before the first.</param>
/// <param name="Offset">The offset in it.</param>
/// <param name="Ordinal">The number of the next row; 0 where it is not known.</param>
internal readonly record struct SpoolPlace(long File, long Offset, long Ordinal);

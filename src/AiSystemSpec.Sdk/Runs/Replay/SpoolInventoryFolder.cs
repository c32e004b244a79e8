using AiSystemSpec.Sdk.Runs.Spool;

namespace AiSystemSpec.Sdk.Runs.Replay;

/// <summary>One writer's folder.</summary>
/// <param name="Name">Its name in the directory.</param>
/// <param name="State">Who has it.</param>
/// <param name="Owner">Whose rows it holds.</param>
/// <param name="Writer">The process that holds it, or wrote it last.</param>
/// <param name="Rows">About how many rows wait.</param>
/// <param name="Bytes">What its files take.</param>
/// <param name="Age">How long ago its oldest file was written.</param>
/// <param name="Damaged">How many stretches of its files are no rows.</param>
/// <param name="Error">Why it cannot be read.</param>
internal sealed record SpoolInventoryFolder(
    string Name, FolderState State, DatabaseIdentity? Owner, string? Writer, long Rows, long Bytes, TimeSpan? Age, int Damaged, string? Error);

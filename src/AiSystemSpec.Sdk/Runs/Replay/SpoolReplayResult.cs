namespace AiSystemSpec.Sdk.Runs.Replay;

/// <summary>What became of the rows and folders of a replay.</summary>
/// <param name="Written">Rows that went in.</param>
/// <param name="Existing">Rows that were there already.</param>
/// <param name="Refused">Rows that the database refused: they stand in <c>set-aside.jsonl</c>.</param>
/// <param name="Damaged">Rows that could not be read; what is left of them is kept in files beside the folders.</param>
/// <param name="Waiting">Rows that are still in the folders.</param>
/// <param name="Replayed">The folders that were replayed and removed.</param>
/// <param name="InUse">The folders that a living process holds.</param>
/// <param name="LeftAlone">The folders that could not be replayed, or not wholly.</param>
/// <param name="Error">Why rows still wait.</param>
internal sealed record SpoolReplayResult(
    long Written, long Existing, long Refused, long Damaged, long Waiting, IReadOnlyList<string> Replayed, IReadOnlyList<string> InUse, IReadOnlyList<string> LeftAlone, string? Error);

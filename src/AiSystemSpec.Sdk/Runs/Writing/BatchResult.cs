using AiSystemSpec.Sdk.Runs.Queue;
namespace AiSystemSpec.Sdk.Runs.Writing;

/// <summary>What became of an attempt at a batch; which rows are dealt with, the rows themselves say.</summary>
/// <param name="Problem">Why rows are left; none where only single rows are, and others went in.</param>
/// <param name="Exception">The last error.</param>
internal readonly record struct BatchResult(RunLogProblem Problem, Exception? Exception)
{
    /// <summary>Gets whether any row was dealt with.</summary>
    public bool HasProgress { get; init; }

    /// <summary>
    /// Gets whether each row that is left failed alone, though the table takes rows: another row would tell whose fault it is.
    /// </summary>
    public bool WantsNeighbour { get; init; }
}

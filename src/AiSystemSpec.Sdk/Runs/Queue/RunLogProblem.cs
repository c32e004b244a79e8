namespace AiSystemSpec.Sdk.Runs.Queue;

/// <summary>Why rows that were handed over wait longer than it takes to write them.</summary>
internal enum RunLogProblem
{
    None,

    /// <summary>The database cannot be reached, or does not answer.</summary>
    Unreachable,

    /// <summary>The database answers, and takes no row: a right, the table or room on its disk is missing, for instance.</summary>
    Refused,

    /// <summary>An error that is neither the database's nor a row's.</summary>
    Failing,
}

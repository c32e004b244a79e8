namespace AiSystemSpec.Sdk.Runs.Writing;

/// <summary>What an attempt at writing met. It says how to go on, never who is at fault: that is found out.</summary>
internal enum FailureKind
{
    /// <summary>The server answered with an error, and wrote nothing.</summary>
    Answered,

    /// <summary>The server's time limit ended the statement: fewer rows may pass.</summary>
    TimeLimit,

    /// <summary>There was no answer, or no session any more: the rows may be there.</summary>
    Interrupted,

    /// <summary>An error of this process.</summary>
    Internal,
}

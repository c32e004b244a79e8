namespace AiSystemSpec.Sdk;

/// <summary>Which rows of <c>pipeline_runs</c> to list. What is null does not filter.</summary>
public sealed record RunFilter
{
    /// <summary>Gets the run's id, in any of the spellings that <see cref="IRunHistory"/> names.</summary>
    public string? RunId { get; init; }

    /// <summary>Gets the stage's name, compared as a whole.</summary>
    public string? Stage { get; init; }

    /// <summary>Gets the status; any text can be asked for, since other programs write more than the four.</summary>
    public RunStatus? Status { get; init; }

    /// <summary>Gets the moment from which on rows are listed, included.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Gets the moment up to which rows are listed, excluded.</summary>
    public DateTimeOffset? To { get; init; }
}

using ContentPipeline.Input;

namespace ContentPipeline.Researching;

/// <summary>Does what costs: called only where the Context Cache has nothing fresh.</summary>
internal interface IResearcher
{
    /// <summary>Gets what the program says about it at the start.</summary>
    string Name { get; }

    Task<ResearchAnswer> ResearchAsync(SourceDocument document, CancellationToken cancellationToken);

    /// <summary>Says whether another attempt may go better.</summary>
    bool IsTransient(Exception exception);
}

namespace ContentPipeline.Quality;

/// <summary>One question that is asked of every script before it is published.</summary>
/// <param name="Name">The check's name, as it stands in <c>metrics</c> and in error summaries.</param>
/// <param name="Passed">The answer.</param>
internal sealed record QualityCheck(string Name, bool Passed);

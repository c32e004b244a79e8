namespace ContentPipeline.Quality;

/// <summary>A script did not pass; its run fails and nothing is published.</summary>
internal sealed class QualityException(IEnumerable<QualityCheck> failed)
    : Exception($"The script did not pass: {string.Join(", ", failed.Select(check => check.Name))}.");

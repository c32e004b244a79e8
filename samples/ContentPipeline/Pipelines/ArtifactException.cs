namespace ContentPipeline.Pipelines;

/// <summary>Artifacts of one id could not be taken over; the message names each with its cause.</summary>
internal sealed class ArtifactException(IEnumerable<Exception> failures)
    : Exception(string.Join(' ', failures.Select(failure => failure.Message)));

namespace ContentPipeline.Input;

/// <summary>The artifacts that an upstream pipeline left for one id.</summary>
/// <param name="Id">The id, as the files' names have it.</param>
/// <param name="Artifacts">The files, by kind.</param>
internal sealed record ArtifactsItem(string Id, IReadOnlyList<Artifact> Artifacts) : InputItem(Id);

namespace ContentPipeline.Input;

/// <summary>One artifact of an upstream pipeline.</summary>
/// <param name="Kind">What the file holds, such as <c>research</c> or <c>script_long</c>.</param>
/// <param name="Path">The file.</param>
internal sealed record Artifact(string Kind, string Path);

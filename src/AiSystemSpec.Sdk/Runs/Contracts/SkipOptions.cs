using System.Text.Json.Nodes;

namespace AiSystemSpec.Sdk;

/// <summary>What the row of a skipped stage says beside its run and stage.</summary>
public sealed record SkipOptions
{
    /// <summary>Gets the references to inputs; copied.</summary>
    public JsonNode? InputRefs { get; init; }

    /// <summary>Gets the references to outputs; copied.</summary>
    public JsonNode? OutputRefs { get; init; }

    /// <summary>Gets whether a cache had the stage's result (<c>cache_hit</c>).</summary>
    /// <value>Not written where null, so that a stage that was not wanted counts in no hit rate.</value>
    public bool? CacheHit { get; init; }
}

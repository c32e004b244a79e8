namespace ContentPipeline.Pipelines;

/// <summary>The stages of a document's run, in their order.</summary>
internal static class Stages
{
    public const string Read = "read";
    public const string Research = "research";
    public const string Script = "script";
    public const string Quality = "qa";
    public const string Publish = "publish";
}

using System.Text.Json.Serialization;

namespace AiSystemSpec.Sdk;

/// <summary>What happened to a line or a property between two scripts.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScriptChangeKind>))]
public enum ScriptChangeKind
{
    /// <summary>It is in both.</summary>
    Unchanged,

    /// <summary>It is in the first only.</summary>
    Removed,

    /// <summary>It is in the second only.</summary>
    Added,

    /// <summary>It is in both, with another value. Lines are removed and added instead.</summary>
    Changed,
}

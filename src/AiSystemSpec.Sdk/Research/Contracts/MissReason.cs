using System.Text.Json.Serialization;

namespace AiSystemSpec.Sdk;

/// <summary>Why a look into the cache did not find what was asked for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MissReason>))]
public enum MissReason
{
    /// <summary>It was found.</summary>
    None,

    /// <summary>The topic has no entry, or its newest one is blank.</summary>
    Absent,

    /// <summary>The newest entry is older than asked for, or states no time.</summary>
    Expired,

    /// <summary>The caller asked for new research (<see cref="ResearchOptions.ForceRefresh"/>).</summary>
    Forced,

    /// <summary>The newest entry did not pass <see cref="ResearchOptions.IsValid"/>.</summary>
    Invalid,
}

using System.Text.Json.Serialization;

namespace AiSystemSpec.Sdk;

/// <summary>How <see cref="IResearchCache.GetOrResearchAsync"/> came by its entry.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ResearchOutcome>))]
public enum ResearchOutcome
{
    /// <summary>The first look found an entry that was good enough.</summary>
    Hit,

    /// <summary>This call researched it.</summary>
    Researched,

    /// <summary>Another caller researched it while this one waited.</summary>
    WaitedForOther,

    /// <summary>The research failed, and an entry past its age was served as <see cref="ResearchOptions.ServeStaleFor"/> allows.</summary>
    StaleOnError,

    /// <summary>
    /// The research took too long, and an entry past its age was served as <see cref="ResearchOptions.ServeStaleFor"/> allows.
    /// </summary>
    StaleOnTimeout,
}

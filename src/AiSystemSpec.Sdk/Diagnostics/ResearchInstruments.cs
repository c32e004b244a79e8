using System.Diagnostics.Metrics;

namespace AiSystemSpec.Sdk.Diagnostics;

/// <summary>What the Context Cache tells: what was found, what was paid, what was saved.</summary>
internal static class ResearchInstruments
{
    public static readonly Counter<long> Hits =
        Instruments.Meter.CreateCounter<long>("aisystemspec.research.hits", "{lookup}", "Lookups that found a fresh entry.");

    /// <summary>Tagged <c>reason</c>: absent, expired, forced, invalid.</summary>
    public static readonly Counter<long> Misses =
        Instruments.Meter.CreateCounter<long>("aisystemspec.research.misses", "{lookup}", "Lookups that did not, by reason.");

    /// <summary>Tagged <c>outcome</c>: one for each call of GetOrResearchAsync.</summary>
    public static readonly Counter<long> Outcomes =
        Instruments.Meter.CreateCounter<long>("aisystemspec.research.outcomes", "{call}", "Calls of GetOrResearchAsync, by outcome.");

    public static readonly Histogram<double> Duration =
        Instruments.Meter.CreateHistogram<double>("aisystemspec.research.duration", "s", "Duration of research delegates.");

    public static readonly Counter<double> Saved =
        Instruments.Meter.CreateCounter<double>("aisystemspec.research.saved", "s", "Research time that hits saved, at the mean duration of this process's researches so far.");

    public static readonly Counter<long> LocksLost =
        Instruments.Meter.CreateCounter<long>("aisystemspec.research.locks_lost", "{lock}", "Locks of topics that were lost before they were released.");

    public static KeyValuePair<string, object?> Reason(MissReason reason) => new("reason", reason switch
    {
        MissReason.Absent => "absent",
        MissReason.Expired => "expired",
        MissReason.Forced => "forced",
        MissReason.Invalid => "invalid",
        _ => "none",
    });

    public static KeyValuePair<string, object?> Outcome(ResearchOutcome outcome) => new("outcome", outcome switch
    {
        ResearchOutcome.Hit => "hit",
        ResearchOutcome.Researched => "researched",
        ResearchOutcome.WaitedForOther => "waited_for_other",
        ResearchOutcome.StaleOnError => "stale_on_error",
        _ => "stale_on_timeout",
    });
}

using System.Diagnostics.Metrics;

namespace AiSystemSpec.Sdk.Diagnostics;

/// <summary>What the Context Cache of one registration tells: what was found, what was paid, what was saved.</summary>
/// <param name="database">The registration's name.</param>
internal sealed class ResearchInstruments(string database)
{
    private static readonly Counter<long> Hits =
        Instruments.Meter.CreateCounter<long>("aisystemspec.research.hits", "{lookup}", "Lookups that found a fresh entry.");

    private static readonly Counter<long> Misses =
        Instruments.Meter.CreateCounter<long>("aisystemspec.research.misses", "{lookup}", "Lookups that did not, by reason: absent, expired, forced, invalid.");

    private static readonly Counter<long> Outcomes =
        Instruments.Meter.CreateCounter<long>("aisystemspec.research.outcomes", "{call}", "Calls of GetOrResearchAsync, by outcome.");

    private static readonly Histogram<double> Duration =
        Instruments.Meter.CreateHistogram<double>("aisystemspec.research.duration", "s", "Duration of research delegates.");

    private static readonly Counter<double> Saved =
        Instruments.Meter.CreateCounter<double>("aisystemspec.research.saved", "s", "Research time that hits saved, at the mean duration of this process's researches so far.");

    private static readonly Counter<long> LocksLost =
        Instruments.Meter.CreateCounter<long>("aisystemspec.research.locks_lost", "{lock}", "Locks of topics that were lost before they were released.");

    private readonly KeyValuePair<string, object?> _database = Instruments.DatabaseTag(database);

    /// <summary>Gets whether anybody listens to outcomes.</summary>
    public static bool HasOutcomeListeners => Outcomes.Enabled;

    public static KeyValuePair<string, object?> Reason(MissReason reason) => Instruments.Tag("miss_reason", reason switch
    {
        MissReason.Absent => "absent",
        MissReason.Expired => "expired",
        MissReason.Forced => "forced",
        MissReason.Invalid => "invalid",
        _ => "none",
    });

    public static KeyValuePair<string, object?> Outcome(ResearchOutcome outcome) => Instruments.Tag("outcome", outcome switch
    {
        ResearchOutcome.Hit => "hit",
        ResearchOutcome.Researched => "researched",
        ResearchOutcome.WaitedForOther => "waited_for_other",
        ResearchOutcome.StaleOnError => "stale_on_error",
        _ => "stale_on_timeout",
    });

    public void CountHit() => Hits.Add(1, _database);

    public void CountMiss(MissReason reason) => Misses.Add(1, _database, Reason(reason));

    public void CountOutcome(ResearchOutcome outcome) => Outcomes.Add(1, _database, Outcome(outcome));

    public void CountLostLock() => LocksLost.Add(1, _database);

    public void RecordSaving(double seconds) => Saved.Add(seconds, _database);

    public void RecordResearch(TimeSpan duration) => Duration.Record(duration.TotalSeconds, _database);
}

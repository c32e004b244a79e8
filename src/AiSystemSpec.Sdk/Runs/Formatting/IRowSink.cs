using AiSystemSpec.Sdk.Diagnostics;

namespace AiSystemSpec.Sdk.Runs.Formatting;

/// <summary>Where a stage hands its row over to.</summary>
internal interface IRowSink
{
    /// <summary>Gets what copies a row's content.</summary>
    RowFormatter Formatter { get; }

    /// <summary>Gets where durations of stages are told.</summary>
    RunInstruments Instruments { get; }

    /// <summary>Takes over a row whose content is copied; never waits, and never throws for storage.</summary>
    void HandOver(HandedOverRow row);
}

namespace AiSystemSpec.Sdk.Migrations;

/// <summary>One thing that is not as the schema says.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Subject">What it is about, for example <c>public.pipeline_runs.metrics</c>.</param>
/// <param name="Found">What was found.</param>
/// <param name="Expected">What was expected.</param>
/// <param name="Mend">The SQL that mends it; null where there is nothing to mend, or a human must decide.</param>
public sealed record SchemaFinding(FindingSeverity Severity, string Subject, string Found, string Expected, string? Mend)
{
    /// <summary>Says it in one sentence.</summary>
    /// <returns>The sentence.</returns>
    public override string ToString() => $"{Subject}: found {Found}, expected {Expected}.{(Mend is null ? "" : $" Mend it with: {Mend}")}";
}

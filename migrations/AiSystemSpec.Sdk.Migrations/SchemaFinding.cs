namespace AiSystemSpec.Sdk.Migrations;

/// <summary>One thing that is not as the schema says.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Subject">What it is about, for example <c>public.pipeline_runs.metrics</c>.</param>
/// <param name="Found">What was found.</param>
/// <param name="Expected">What was expected.</param>
/// <param name="Mend">
/// The SQL that mends it on this database, for psql: statements on lines of their own, to be run in order and outside of a transaction; a comment says
/// when one rewrites the table or locks it for long. Null where there is nothing to mend, or a human must decide first.
/// </param>
public sealed record SchemaFinding(FindingSeverity Severity, string Subject, string Found, string Expected, string? Mend)
{
    /// <summary>Gets what a human must decide or do, in words; null where there is nothing to decide.</summary>
    public string? Advice { get; init; }

    /// <summary>Gets a query that shows what the decision is about: rows, mostly. Null where there is nothing to see.</summary>
    public string? Query { get; init; }

    /// <summary>Says it in one sentence, and on lines of their own the SQL, the question and the query.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"{Subject}: found {Found}, expected {Expected}.{Line("Mend it with", Mend)}{(Advice is null ? "" : $" {Advice}")}{Line("See", Query)}";

    private static string Line(string label, string? text) => text is null ? "" : $" {label}: {text}";
}

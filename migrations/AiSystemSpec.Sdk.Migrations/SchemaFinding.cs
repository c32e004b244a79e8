using System.Diagnostics.CodeAnalysis;

namespace AiSystemSpec.Sdk.Migrations;

/// <summary>One thing that is not as the schema says.</summary>
public sealed record SchemaFinding
{
    /// <summary>Initializes a new instance, whose properties are set in its initializer.</summary>
    public SchemaFinding()
    {
    }

    [SetsRequiredMembers]
    internal SchemaFinding(FindingSeverity severity, string subject, string found, string expected, string? fixSql) =>
        (Severity, Subject, Found, Expected, FixSql) = (severity, subject, found, expected, fixSql);

    /// <summary>Gets how much it matters.</summary>
    public required FindingSeverity Severity { get; init; }

    /// <summary>Gets what it is about, for example <c>public.pipeline_runs.metrics</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>Gets what was found.</summary>
    public required string Found { get; init; }

    /// <summary>Gets what was expected.</summary>
    public required string Expected { get; init; }

    /// <summary>
    /// Gets the SQL that makes it right on this database, for psql; null where there is nothing to do, or a human must decide first.
    /// </summary>
    /// <remarks>
    /// Statements on lines of their own, to be run in order and outside of a transaction; a comment says when one rewrites the table or
    /// locks it for long.
    /// </remarks>
    public string? FixSql { get; init; }

    /// <summary>Gets what a human must decide or do, in words; null where there is nothing to decide.</summary>
    public string? Advice { get; init; }

    /// <summary>Gets a query that shows what the decision is about: rows, mostly. Null where there is nothing to see.</summary>
    public string? Query { get; init; }

    /// <summary>Says it in one sentence, and on lines of their own the SQL, the question and the query.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"{Subject}: found {Found}, expected {Expected}.{Line("FixSql it with", FixSql)}{(Advice is null ? "" : $" {Advice}")}{Line("See", Query)}";

    private static string Line(string label, string? text) => text is null ? "" : $" {label}: {text}";
}

namespace AiSystemSpec.Sdk.Migrations;

/// <summary>What an adoption did, or would do.</summary>
public sealed record AdoptionResult
{
    /// <summary>Gets the tables that were there and are taken over, unchanged.</summary>
    public required IReadOnlyList<string> Adopted { get; init; }

    /// <summary>Gets the tables that were missing and are created.</summary>
    public required IReadOnlyList<string> Created { get; init; }

    /// <summary>Gets The SQL that ran, or would run; empty where the database was adopted already.</summary>
    public required IReadOnlyList<string> Statements { get; init; }

    /// <summary>
    /// Gets how the tables that were there differ from the schema; with a dry run errors too, for which a real run is refused.
    /// </summary>
    public required IReadOnlyList<SchemaFinding> Findings { get; init; }
}

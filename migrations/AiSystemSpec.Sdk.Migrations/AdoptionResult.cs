namespace AiSystemSpec.Sdk.Migrations;

/// <summary>What an adoption did, or would do.</summary>
/// <param name="Adopted">The tables that were there and are taken over, unchanged.</param>
/// <param name="Created">The tables that were missing and are created.</param>
/// <param name="Statements">The SQL that ran, or would run; empty where the database was adopted already.</param>
/// <param name="Findings">How the tables that were there differ from the schema; with a dry run errors too, for which a real run is refused.</param>
public sealed record AdoptionResult(
    IReadOnlyList<string> Adopted, IReadOnlyList<string> Created, IReadOnlyList<string> Statements, IReadOnlyList<SchemaFinding> Findings);

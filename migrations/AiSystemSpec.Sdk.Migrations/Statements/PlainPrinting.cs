namespace AiSystemSpec.Sdk.Migrations.Statements;

/// <summary>
/// Definitions that the server prints are compared with others as text: a role or a database may have it quote every name.
/// </summary>
internal static class PlainPrinting
{
    /// <summary>Ends with the transaction, so that it is right behind a transaction pooler too.</summary>
    public const string Set = "SET LOCAL quote_all_identifiers = off";
}

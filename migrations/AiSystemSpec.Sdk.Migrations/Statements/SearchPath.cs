namespace AiSystemSpec.Sdk.Migrations.Statements;

/// <summary>A hostile <c>search_path</c> could put another function behind a name such as <c>now()</c>.</summary>
internal static class SearchPath
{
    /// <summary>Ends with the transaction, so that it is right behind a transaction pooler too.</summary>
    public const string Pin = "SET LOCAL search_path = pg_catalog, pg_temp;";
}

using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.Statements;

/// <summary>Remembers which tables were there before us, so that no rollback drops them unasked.</summary>
internal static class PreexistingTables
{
    public const string Table = $"{Schema.OwnName}.found_tables";

    /// <summary>A setting of the transaction that names, separated by commas, the tables that may be dropped all the same.</summary>
    public const string DropSetting = $"{Schema.OwnName}.drop_tables";

    public const string CreateSql = $"CREATE TABLE {Table} (table_name text NOT NULL CONSTRAINT found_tables_pkey PRIMARY KEY);";
}

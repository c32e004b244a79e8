using static AiSystemSpec.Sdk.Specification.Schema;

namespace AiSystemSpec.Sdk.Connections;

/// <summary>Whether a table has a key: a database that is found may lack it.</summary>
internal static class IdKey
{
    /// <summary>The statement that asks whether a unique index keeps the ids of a table apart.</summary>
    /// <param name="table">The table's name with its schema.</param>
    public static string IsThere(string table) =>
        $"""
        SELECT EXISTS (
            SELECT FROM pg_catalog.pg_index AS index
            JOIN pg_catalog.pg_attribute AS key ON key.attrelid = index.indrelid AND key.attnum = index.indkey[0]
            WHERE index.indrelid = '{table}'::pg_catalog.regclass AND index.indisunique AND index.indisvalid AND index.indimmediate
              AND index.indpred IS NULL AND index.indnkeyatts = 1 AND key.attname = '{Columns.Id}')
        """;
}

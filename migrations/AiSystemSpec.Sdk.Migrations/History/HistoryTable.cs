using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Persistence;

namespace AiSystemSpec.Sdk.Migrations.History;

/// <summary>The table of applied migrations: EF's, with a checksum beside each. Written once here for EF and for our own SQL.</summary>
internal static class HistoryTable
{
    public const string QualifiedName = $"{Schema.OwnName}.{AiSystemSpecContextOptions.HistoryTable}";

    public const string ChecksumColumn = "Checksum";

    /// <summary>The statement that records a migration. Its texts are ids and versions: there is nothing to escape in them.</summary>
    public static string InsertSql(string migrationId, string productVersion, string? checksum) =>
        $"""
        INSERT INTO {QualifiedName} ("MigrationId", "ProductVersion", "{ChecksumColumn}")
        VALUES ('{migrationId}', '{productVersion}', {(checksum is null ? "NULL" : $"'{checksum}'")});
        """;
}

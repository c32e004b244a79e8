using AiSystemSpec.Sdk.Migrations.Statements;
using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.History;

/// <summary>The table of applied migrations: EF's, with a checksum beside each. Written once here for EF and for our own SQL.</summary>
internal static class HistoryTable
{
    public const string QualifiedName = $"{Schema.OwnName}.{Schema.MigrationsHistory}";

    public const string ChecksumColumn = "Checksum";

    private const string Files = "20261122190349_CreateTables/history/";

    /// <summary>Creates our schema, but without the right to do so where it exists already.</summary>
    public static string CreateSchemaSql { get; } = EmbeddedStatements.Read($"{Files}01_create_schema");

    /// <summary>The same table as EF would make; a test compares them.</summary>
    public static string CreateTableSql { get; } = EmbeddedStatements.Read($"{Files}02_create_table");

    /// <summary>The statement that records a migration. Its texts are ids and versions: there is nothing to escape in them.</summary>
    public static string InsertSql(string migrationId, string productVersion, string? checksum) =>
        $"""
        INSERT INTO {QualifiedName} ("MigrationId", "ProductVersion", "{ChecksumColumn}")
        VALUES ('{migrationId}', '{productVersion}', {(checksum is null ? "NULL" : $"'{checksum}'")});
        """;

    /// <summary>The statement that takes the record away, as EF writes it.</summary>
    public static string DeleteSql(string migrationId) =>
        $"""
        DELETE FROM {QualifiedName}
        WHERE "MigrationId" = '{migrationId}';
        """;
}

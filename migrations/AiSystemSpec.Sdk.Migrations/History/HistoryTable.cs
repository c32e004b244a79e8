using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Persistence;

namespace AiSystemSpec.Sdk.Migrations.History;

/// <summary>The table of applied migrations: EF's, with a checksum beside each. Written once here for EF and for our own SQL.</summary>
internal static class HistoryTable
{
    public const string QualifiedName = $"{Schema.OwnName}.{AiSystemSpecContextOptions.HistoryTable}";

    public const string ChecksumColumn = "Checksum";

    /// <summary>Creates our schema, but without the right to do so where it exists already.</summary>
    public const string CreateSchemaSql = $"""
        DO $schema$
        BEGIN
          IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = '{Schema.OwnName}') THEN
            CREATE SCHEMA {Schema.OwnName};
          END IF;
        END
        $schema$;
        """;

    /// <summary>The same table as EF would make; a test compares them.</summary>
    public const string CreateTableSql = $"""
        CREATE TABLE IF NOT EXISTS {QualifiedName} (
            "MigrationId" character varying(150) NOT NULL,
            "ProductVersion" character varying(32) NOT NULL,
            "{ChecksumColumn}" pg_catalog.text,
            CONSTRAINT "PK_{AiSystemSpecContextOptions.HistoryTable}" PRIMARY KEY ("MigrationId")
        );
        """;

    /// <summary>The statement that records a migration. Its texts are ids and versions: there is nothing to escape in them.</summary>
    public static string InsertSql(string migrationId, string productVersion, string? checksum) =>
        $"""
        INSERT INTO {QualifiedName} ("MigrationId", "ProductVersion", "{ChecksumColumn}")
        VALUES ('{migrationId}', '{productVersion}', {(checksum is null ? "NULL" : $"'{checksum}'")});
        """;
}

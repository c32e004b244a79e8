namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>The released migrations, written out by hand: their names never change.</summary>
internal static class MigrationIds
{
    public const string CreateTables = "20261122190349_CreateTables";
    public const string CreateIndexes = "20261122190450_CreateIndexes";

    public const string CreateDatabaseIdentity = "20261126011500_CreateDatabaseIdentity";

    public static readonly string[] All = [CreateTables, CreateIndexes, CreateDatabaseIdentity];
}

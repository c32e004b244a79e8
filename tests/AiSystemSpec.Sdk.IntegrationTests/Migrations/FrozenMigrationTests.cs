using System.Security.Cryptography;
using System.Text;
using AiSystemSpec.Sdk.Migrations.EntityFramework;
using AiSystemSpec.Sdk.Migrations.Statements;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>Released migrations never change: databases have them. Each is embedded statements and nothing else.</summary>
public sealed class FrozenMigrationTests
{
    private const string Pin = "SET LOCAL search_path = pg_catalog, pg_temp;";

    // SHA-256 of each file's text, line ends as \n, without the last one. A line is added with a migration, and never changed after its
    // release.
    private static readonly Dictionary<string, string> Checksums = new(StringComparer.Ordinal)
    {
        ["20261122190349_CreateTables/down/01_pin_search_path"] = "515af51ce5aa633ae48c90bae74ede459160e95aef89bb8cc491ae5916e526e5",
        ["20261122190349_CreateTables/down/02_drop_tables"] = "b6f643954aee31bf38cdf9802253fcc71c3e6950b28dc7d7537abbf66fb40e7e",
        ["20261122190349_CreateTables/down/03_drop_table_found_tables"] = "613d78e4eba071c7315ab429e1883d5a97481ea69fda73d22d6d0a994b2f0a82",
        ["20261122190349_CreateTables/history/01_create_schema"] = "8da8029068e1c957d4ca09371dbb826f28c1cd08fdcb48777e68101bd4644f3a",
        ["20261122190349_CreateTables/history/02_create_table"] = "e0b6f8018c11f74c74303d1ac1831dceefc7efc0ad457709632cd659deac2b8f",
        ["20261122190349_CreateTables/up/01_pin_search_path"] = "515af51ce5aa633ae48c90bae74ede459160e95aef89bb8cc491ae5916e526e5",
        ["20261122190349_CreateTables/up/02_create_schema"] = "4aeee7320f2024b4913fc9d166d4e05e54fbaf99e92082346b889d9199e6dc17",
        ["20261122190349_CreateTables/up/03_create_table_pipeline_runs"] = "2352a3a040d5fe28ba869c44e2fe264bc4a4941ad4f70140694907cd4da099bb",
        ["20261122190349_CreateTables/up/04_create_table_research_cache"] = "4a0048dec5b81376d5e270f1911ba8b8e48feae2d6c614d1bc804e8074ae6a28",
        ["20261122190349_CreateTables/up/05_create_table_scripts"] = "984c82b1a1dee3d4a64b7d427f4c64597c321a4ba6d3960f6663f00f2e53147a",
        ["20261122190349_CreateTables/up/06_close_tables"] = "ce1a706e82f2016d2b4f737bb14ac8e3cb502c740346a5bad4167fbc943b9297",
        ["20261122190349_CreateTables/up/07_create_table_found_tables"] = "a04e8d757c3f2c6048a772f94f70a4115247b63e3fc1aa938c6d343f60d6003c",
        ["20261122190450_CreateIndexes/down/01_drop_ix_research_cache_topic_created_at"] = "986389a488d62b9090bca4bd2af1e45b54061b477cf227587eb011df7fbd159c",
        ["20261122190450_CreateIndexes/down/02_drop_ix_scripts_created_at_id"] = "e64dc0fe15d801aa19d0e2f509c5a6f82d4ca3235f6cd97a466baf29b4ad7160",
        ["20261122190450_CreateIndexes/down/03_drop_ix_pipeline_runs_created_at_id"] = "1027ecb7bb4a2a77d4971ec2c6e3b42d8b3c2eb0a2eb53ec6df0c2cec5bf5779",
        ["20261122190450_CreateIndexes/down/04_drop_ix_pipeline_runs_run_id_created_at"] = "57bbe5d2c0c24d644147fbd3c65631b72058872a6824c1ad87a2338450600b18",
        ["20261122190450_CreateIndexes/down/05_drop_ix_pipeline_runs_root_run_id_created_at"] = "095dd28021123af9e8c1a6ba6a1f179667480846448356b0771b409075be6b19",
        ["20261122190450_CreateIndexes/up/01_drop_ix_research_cache_topic_created_at"] = "986389a488d62b9090bca4bd2af1e45b54061b477cf227587eb011df7fbd159c",
        ["20261122190450_CreateIndexes/up/02_create_ix_research_cache_topic_created_at"] = "21e8e24df3794126e20c877d175b98d000e4af2dd4191db5d11b29570283d09d",
        ["20261122190450_CreateIndexes/up/03_drop_ix_scripts_created_at_id"] = "e64dc0fe15d801aa19d0e2f509c5a6f82d4ca3235f6cd97a466baf29b4ad7160",
        ["20261122190450_CreateIndexes/up/04_create_ix_scripts_created_at_id"] = "89f3342b4bade81496b36c46a27722658e446ec8cacf4f55df699693ffe80ad6",
        ["20261122190450_CreateIndexes/up/05_drop_ix_pipeline_runs_created_at_id"] = "1027ecb7bb4a2a77d4971ec2c6e3b42d8b3c2eb0a2eb53ec6df0c2cec5bf5779",
        ["20261122190450_CreateIndexes/up/06_create_ix_pipeline_runs_created_at_id"] = "b1785ed0b8e7f9074afae076921c4db3b0c1f0eb27f488bdbbe880a86ba119d5",
        ["20261122190450_CreateIndexes/up/07_drop_ix_pipeline_runs_run_id_created_at"] = "57bbe5d2c0c24d644147fbd3c65631b72058872a6824c1ad87a2338450600b18",
        ["20261122190450_CreateIndexes/up/08_create_ix_pipeline_runs_run_id_created_at"] = "cfb9f63d7f9b1f2289d88ab78ef367926d626fa66a70995e0731e883be9c6e5c",
        ["20261122190450_CreateIndexes/up/09_drop_ix_pipeline_runs_root_run_id_created_at"] = "095dd28021123af9e8c1a6ba6a1f179667480846448356b0771b409075be6b19",
        ["20261122190450_CreateIndexes/up/10_create_ix_pipeline_runs_root_run_id_created_at"] = "8cd430f87d5e99819841d743f153380ad4e874e548d894081f4aecb4e9e32be2",
        ["20261126011500_CreateDatabaseIdentity/down/01_pin_search_path"] = "515af51ce5aa633ae48c90bae74ede459160e95aef89bb8cc491ae5916e526e5",
        ["20261126011500_CreateDatabaseIdentity/down/02_drop_table"] = "6349a68297ff07fd7f23a93622b957a871bec6539a3f41d44f898eb42b1079ec",
        ["20261126011500_CreateDatabaseIdentity/up/01_pin_search_path"] = "515af51ce5aa633ae48c90bae74ede459160e95aef89bb8cc491ae5916e526e5",
        ["20261126011500_CreateDatabaseIdentity/up/02_create_table"] = "d09fc5dfb20f0ad7c3c7d6e819b27deced5b7d2d3ca4fa23b0adedad166eace2",
        ["20261126011500_CreateDatabaseIdentity/up/03_allow_one_row"] = "e7593ad670969ced68c10e7d6099deb88fd024012896198cf4b53609793ea315",
        ["20261126011500_CreateDatabaseIdentity/up/04_insert_row"] = "e035f7d73a26c4e5e36a0e3e60f1d8e2272cd5be8ee76141e70a5815d71920a5",
        ["20261126011500_CreateDatabaseIdentity/up/05_close_table"] = "ed7e8a4b919359fd9548c9182b9c759f073fed00777be031ac64c001b4e3e041",
    };

    // What databases keep beside each migration.
    private static readonly (string Id, string Checksum)[] Recorded =
    [
        ("20261122190349_CreateTables", "feb16eb59eea554a715498151371954f4bb41340dbf075afafc108df52c8f305"),
        ("20261122190450_CreateIndexes", "3f3d712da761e345795646ea1089496b3f4474cc0bd81bcd5048685ee3ff8a24"),
        ("20261126011500_CreateDatabaseIdentity", "acb2170c0bd0363ebc2237b9e503ba9bfbaae737e93f74feb6ac81dba2278e9a"),
    ];

    [Fact]
    public void Statements_have_the_checksums_that_they_were_released_with()
    {
        var found = EmbeddedStatements.Names.ToDictionary(name => name, name => Checksum(EmbeddedStatements.Read(name)), StringComparer.Ordinal);

        // What a new migration adds to this test, ready to be pasted.
        var lines = found.Where(file => !Checksums.ContainsKey(file.Key)).Select(file => $"        [\"{file.Key}\"] = \"{file.Value}\",");
        Assert.True(!lines.Any(), $"These statements are not in {nameof(Checksums)} yet:\n{string.Join('\n', lines)}");
        Assert.Equal(Checksums.OrderBy(file => file.Key, StringComparer.Ordinal), found.OrderBy(file => file.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void Migrations_have_the_checksums_that_databases_keep()
    {
        var lines = MigrationCatalog.Instance.Up.Skip(Recorded.Length).Select(script => $"        (\"{script.Id}\", \"{script.Checksum}\"),");
        Assert.True(!lines.Any(), $"These migrations are not in {nameof(Recorded)} yet:\n{string.Join('\n', lines)}");
        Assert.Equal(Recorded, MigrationCatalog.Instance.Up.Select(script => (script.Id, script.Checksum!)));
    }

    [Fact]
    public void Migrations_are_their_embedded_statements_in_the_order_of_the_files()
    {
        foreach (var (scripts, way) in new[] { (MigrationCatalog.Instance.Up, "up"), (MigrationCatalog.Instance.Down, "down") })
        {
            foreach (var script in scripts)
            {
                var files = EmbeddedStatements.Names.Where(name => name.StartsWith($"{script.Id}/{way}/", StringComparison.Ordinal)).Select(EmbeddedStatements.Read);

                Assert.Equal(files, script.Statements.Select(statement => statement.Text));
            }
        }
    }

    [Fact]
    public void Migrations_in_a_transaction_begin_with_the_pinned_search_path_and_others_qualify_every_name()
    {
        foreach (var script in MigrationCatalog.Instance.Up.Concat(MigrationCatalog.Instance.Down))
        {
            if (script.IsTransactional)
            {
                Assert.True(script.Statements[0].Text is Pin, $"{script.Id} does not begin with: {Pin}");
            }
            else
            {
                Assert.All(script.Statements, statement => Assert.False(statement.IsTransactional)); // one way or the other, never both
            }
        }
    }

    [Fact]
    public void Statements_about_an_index_say_its_name_in_an_annotation()
    {
        foreach (var statement in MigrationCatalog.Instance.Up.Concat(MigrationCatalog.Instance.Down).SelectMany(script => script.Statements))
        {
            Assert.Equal(statement.Text.Contains(" INDEX CONCURRENTLY ", StringComparison.Ordinal), statement.Index is not null);
            Assert.Equal(statement.Text.StartsWith("CREATE INDEX CONCURRENTLY ", StringComparison.Ordinal), statement.CreatesIndex is not null);
            Assert.Contains(statement.Index ?? "", statement.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Files_hold_one_statement_each()
    {
        foreach (var name in EmbeddedStatements.Names)
        {
            var text = EmbeddedStatements.Read(name);

            // A body between dollar signs is one statement, whatever stands in it.
            var outside = text.StartsWith("DO $", StringComparison.Ordinal) ? text[text.LastIndexOf('$')..] : text;
            Assert.True(outside.EndsWith(';') && outside.Count(character => character == ';') == 1, name);
        }
    }

    private static string Checksum(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

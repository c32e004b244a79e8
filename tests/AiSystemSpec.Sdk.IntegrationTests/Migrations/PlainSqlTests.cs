using AiSystemSpec.Sdk.Migrations.EntityFramework;
using AiSystemSpec.Sdk.Migrations.Scripts;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>
/// Holds <c>migrations/sql</c> and the EF migrations together; with <c>AISYSTEMSPEC_WRITE_SQL=1</c> it writes the files first.
/// </summary>
public sealed class PlainSqlTests
{
    private static readonly string Folder = Repository.PathOf("migrations", "sql");

    [Fact]
    public void WriteAll_equals_checked_in_files()
    {
        var expected = PlainSql.WriteAll(MigrationCatalog.Instance).ToDictionary(file => file.FileName, file => file.Text, StringComparer.Ordinal);
        if (Environment.GetEnvironmentVariable("AISYSTEMSPEC_WRITE_SQL") is "1")
        {
            foreach (var (name, text) in expected)
            {
                File.WriteAllText(Path.Combine(Folder, name), text);
            }
        }

        var found = Directory.EnumerateFiles(Folder, "*.sql").ToDictionary(path => Path.GetFileName(path), File.ReadAllText, StringComparer.Ordinal);

        Assert.Equal(expected.OrderBy(file => file.Key, StringComparer.Ordinal), found.OrderBy(file => file.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void Checksum_of_every_migration_is_the_one_in_its_file()
    {
        foreach (var script in MigrationCatalog.Instance.Up)
        {
            Assert.NotNull(script.Checksum);
            Assert.Contains($"'{script.Checksum}'", File.ReadAllText(Path.Combine(Folder, $"{script.Id}.up.sql")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void WriteAll_lifts_the_limits_on_time_round_every_index_build_and_puts_them_back()
    {
        foreach (var (name, text) in PlainSql.WriteAll(MigrationCatalog.Instance).Where(file => file.Text.Contains(" CONCURRENTLY ", StringComparison.Ordinal)))
        {
            string[] expected = ["SET lock_timeout", "set_config(s.name, '0', false)", "'statement_timeout', 'transaction_timeout'", " CONCURRENTLY ", "RESET lock_timeout;", "s.reset_val"];

            var found = expected.Select(part => text.IndexOf(part, StringComparison.Ordinal)).ToList();

            Assert.True(!found.Contains(-1) && found.Order().SequenceEqual(found), name);
        }
    }
}

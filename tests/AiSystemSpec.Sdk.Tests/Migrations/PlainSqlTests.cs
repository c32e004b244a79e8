using AiSystemSpec.Sdk.Migrations.Scripts;

namespace AiSystemSpec.Sdk.Tests.Migrations;

/// <summary>Holds <c>migrations/sql</c> and the EF migrations together; with <c>AISYSTEMSPEC_WRITE_SQL=1</c> it writes the files first.</summary>
public sealed class PlainSqlTests
{
    private static readonly string Folder = Path.Combine(FindRepository(), "migrations", "sql");

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
    public void FindChecksum_of_every_migration_is_the_one_in_its_file()
    {
        foreach (var script in MigrationCatalog.Instance.Up)
        {
            var checksum = PlainSql.FindChecksum(script.Id);

            Assert.NotNull(checksum);
            Assert.Contains($"'{checksum}'", File.ReadAllText(Path.Combine(Folder, $"{script.Id}.up.sql")), StringComparison.Ordinal);
        }
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AiSystemSpec.Sdk.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}

using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>The linter squawk, of the npm package <c>squawk-cli</c>, over the plain SQL.</summary>
[Trait("Category", "Npm")]
public sealed class SquawkTests
{
    private static readonly string Folder = Repository.PathOf("migrations", "sql");

    [Fact]
    public async Task Squawk_finds_nothing_in_the_plain_SQL()
    {
        var files = Directory.GetFiles(Folder, "*.sql");

        var run = await NpmTool.RunAsync(Folder, "squawk", files);

        Assert.True(run.Code == 0, run.Said);
        Assert.Contains($"Found 0 issues in {files.Length} files", run.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Squawk_finds_with_the_same_settings_what_stops_writers()
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.sql");
        await File.WriteAllTextAsync(file, "SET lock_timeout = '5s'; CREATE INDEX IF NOT EXISTS slow ON public.scripts (created_at);");
        try
        {
            var run = await NpmTool.RunAsync(Folder, "squawk", file);

            Assert.NotEqual(0, run.Code);
            Assert.Contains("require-concurrent-index-creation", run.Said, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Exclusion_has_a_reason() =>
        Assert.All(
            File.ReadLines(Path.Combine(Folder, ".squawk.toml")).Where(line => line.TrimStart().StartsWith('"')),
            line => Assert.Matches("\",\\s+# \\w+", line));
}

using AiSystemSpec.Sdk.IntegrationTests.Cli;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>
/// EF Core's own ways to migrate, as the guide gives them: <c>dotnet ef database update</c>, and a bundle that is compiled here once.
/// </summary>
public sealed class EntityFrameworkTools : IAsyncLifetime
{
    public const string Section = "EF Core's own tools";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aisystemspec-bundle-");

    private string Bundle => Path.Combine(_folder.FullName, "efbundle");

    public async Task InitializeAsync()
    {
        foreach (var start in new[] { "dotnet tool restore", "dotnet ef migrations bundle" })
        {
            var run = await RunAsync(start, database: "");
            Assert.True(run.Code == 0, $"{start}: {run.Said}");
        }
    }

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    internal Task<ProgramRun> UpdateAsync(string database) => RunAsync("dotnet ef database update", database);

    internal Task<ProgramRun> BundleAsync(string database) => RunAsync("./efbundle", database);

    // One command of the guide, here and on this database; what dotnet ef would build is built already.
    private Task<ProgramRun> RunAsync(string start, string database)
    {
        var (_, words, _) = Guide.CommandsOf(Section).Single(command => command.Command.StartsWith(start, StringComparison.Ordinal));
        var placed = words.Select(word => word switch
        {
            "./efbundle" or "efbundle" => Bundle,
            "$AISYSTEMSPEC_CONNECTION" => database,
            _ => word,
        }).ToList();
        string[] built = start.StartsWith("dotnet ef", StringComparison.Ordinal) ? ["--no-build", "--configuration", Configuration] : [];
        return ProgramRun.OfAsync(Repository.PathOf(), placed[0], [.. placed[1..], .. built]);
    }

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
}

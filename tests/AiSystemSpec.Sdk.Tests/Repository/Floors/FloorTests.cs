namespace AiSystemSpec.Sdk.Tests.Repository.Floors;

/// <summary>
/// Each folder knows only folders below its own floor, so that one can be read, changed and tested without those above it. Types,
/// members, constants and <c>nameof</c> count. A new folder is given a floor here: one above the highest that it knows.
/// </summary>
public sealed class FloorTests
{
    private const string Sdk = "src/AiSystemSpec.Sdk";
    private const string Migrations = "migrations/AiSystemSpec.Sdk.Migrations";
    private const string Cli = "src/AiSystemSpec.Sdk.Cli";
    private const string Testing = "src/AiSystemSpec.Sdk.Testing";

    // "" is the project's own folder.
    private static readonly Dictionary<string, string[][]> Houses = new(StringComparer.Ordinal)
    {
        [Sdk] =
        [
            ["", "Ambient", "Connections/Parsing", "Json", "Options", "Runs/Secrets", "Specification", "Text", "Time", "Wire"],
            ["Connections/Settings", "Rows"],
            ["Connections/AdvisoryLocks", "Connections/Opening", "Persistence/Mapping", "Research/Contracts", "Retention/Contracts", "Runs/Contracts", "Scripts/Contracts", "Transfer/Contracts"],
            ["Diagnostics", "Persistence/Translation"],
            ["Persistence", "Research/Topics", "Runs/Content"],
            ["Connections", "Runs/Formatting", "Transfer"],
            ["Paging", "Research/Locks", "Research/Storing", "Retention/Purging", "Runs/Queue", "Runs/Stages", "Transfer/Reading"],
            ["Research/Table", "Retention", "Runs/Spool", "Runs/Writing", "Scripts/Changes", "Scripts/Comparing", "Scripts/Search", "Transfer/Exporting", "Transfer/Importing"],
            ["Research/Flights", "Research/Similarity", "Runs/History", "Runs", "Runs/Replay", "Scripts"],
            ["Research"],
            ["DependencyInjection", "Research/Typed"],
        ],
        [Migrations] =
        [
            [""],
            ["Statements"],
            ["Connections"],
            ["Catalog", "History", "Locking"],
            ["EntityFramework"],
            ["Migrations", "Running"],
            ["Identity", "Scripts"],
            ["Granting", "Verification"],
            ["Adoption"],
            ["Operations"],
            ["DependencyInjection"],
        ],
        [Cli] = [["Terminal"], ["Output"], ["Commands"], [""]],
        [Testing] = [["Contracts", "Hosts"], ["Servers"], ["Configured", "Containers", "Local"], ["Ways"], [""]],
    };

    public static TheoryData<string> Projects => new(Houses.Keys);

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folder_knows_only_folders_below_its_own(string project)
    {
        var floors = FloorsOf(project);
        var uses = FolderGraph.Read(SourceTree.PathOf(project), [.. SharedSources(project)]);

        Assert.NotEmpty(uses);
        Assert.Equal<string>(
            [],
            uses.Where(use => !(floors.GetValueOrDefault(use.To, int.MaxValue) < floors.GetValueOrDefault(use.From, 0)))
                .Select(use => $"{use.File} ({use.From}, floor {floors.GetValueOrDefault(use.From)}) knows {use.Type} ({use.To}, floor {floors.GetValueOrDefault(use.To)})")
                .Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_folder_has_a_floor_and_every_floor_its_folders(string project)
    {
        var folders = SourceTree.Files("*.cs", project).Select(file => Path.GetDirectoryName(Path.GetRelativePath(project, file))!.Replace('\\', '/'));

        Assert.Equal(folders.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), FloorsOf(project).Keys.Order(StringComparer.Ordinal));
    }

    private static Dictionary<string, int> FloorsOf(string project) =>
        Houses[project].SelectMany((folders, floor) => folders.Select(folder => (folder, floor))).ToDictionary(at => at.folder, at => at.floor + 1, StringComparer.Ordinal);

    private static IEnumerable<string> SharedSources(string project) => project switch
    {
        Sdk => [],
        Cli => [SourceTree.PathOf(Sdk), SourceTree.PathOf(Migrations)],
        _ => [SourceTree.PathOf(Sdk)],
    };
}

using System.Security.Cryptography;

namespace AiSystemSpec.Sdk.PackageTests;

/// <summary>A local folder feed of the packages, packed from the sources under a version that no other run has.</summary>
[CollectionDefinition(Collection)]
public sealed class PackedFeed : IAsyncLifetime, ICollectionFixture<PackedFeed>
{
    public const string Collection = "Packed feed";

    private const int SuffixBytes = 4;

    private static readonly string[][] Projects =
    [
        ["src", "AiSystemSpec.Sdk"],
        ["src", "AiSystemSpec.Sdk.Testing"],
        ["src", "AiSystemSpec.Sdk.Cli"],
        ["migrations", "AiSystemSpec.Sdk.Migrations"],
    ];

    private readonly string _suffix = $"test.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SuffixBytes))}";
    private readonly string _root = Directory.CreateTempSubdirectory("aisystemspec-packages-").FullName;

    public string Folder => Path.Combine(_root, "feed");

    /// <summary>A folder outside the repository, so that none of its settings reach what is made there.</summary>
    public string Workplace => Path.Combine(_root, "work");

    public string Version => $"0.1.0-{_suffix}";

    public string PathOf(string package, string extension) => Path.Combine(Folder, $"{package}.{Version}.{extension}");

    public async Task InitializeAsync()
    {
        foreach (var project in Projects)
        {
            // Neither outputs nor lock files of the repository are touched: another version would change both.
            _ = await Dotnet.RunAsync(
                Repository.PathOf(project),
                "pack", "--configuration", "Release", "--output", Folder, "--artifacts-path", Path.Combine(_root, "artifacts"),
                $"-p:VersionSuffix={_suffix}", "-p:RestorePackagesWithLockFile=false", "-p:NuGetLockFilePath=absent.lock.json");
        }

        _ = Directory.CreateDirectory(Workplace);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return Task.CompletedTask;
    }
}

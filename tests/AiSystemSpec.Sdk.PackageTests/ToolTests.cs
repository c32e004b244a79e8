using System.IO.Compression;
using System.Xml.Linq;

namespace AiSystemSpec.Sdk.PackageTests;

/// <summary>The package of the <c>aispec</c> tool.</summary>
[Collection(PackedFeed.Collection)]
[Trait("Category", "Packages")]
public sealed class ToolTests(PackedFeed feed)
{
    private const string Package = "AiSystemSpec.Sdk.Cli";

    [Fact]
    public void Package_is_a_dotnet_tool_with_the_command_aispec()
    {
        using var archive = ZipFile.OpenRead(feed.PathOf(Package, "nupkg"));

        var type = Assert.Single(PackageContentTests.Descendants(Read(archive, $"{Package}.nuspec"), "packageType"));
        var command = Assert.Single(PackageContentTests.Descendants(Read(archive, "tools/net10.0/any/DotnetToolSettings.xml"), "Command"));
        Assert.Equal("DotnetTool", type.Attribute("name")!.Value);
        Assert.Equal(("aispec", "aispec.dll"), (command.Attribute("Name")!.Value, command.Attribute("EntryPoint")!.Value));
    }

    [Fact]
    public async Task Installed_tool_prints_its_help_and_writes_the_script()
    {
        var folder = Directory.CreateDirectory(Path.Combine(feed.Workplace, "tool")).FullName;
        _ = await Dotnet.RunAsync(folder, "tool", "install", Package, "--version", feed.Version, "--add-source", feed.Folder, "--tool-path", folder);
        var aispec = Path.Combine(folder, OperatingSystem.IsWindows() ? "aispec.exe" : "aispec");

        var help = await Dotnet.RunProgramAsync(aispec, folder, "--help");
        var script = await Dotnet.RunProgramAsync(aispec, folder, "script");

        Assert.All(["status", "plan", "migrate", "adopt", "verify", "script", "rollback", "grant", "runs", "purge"], command => Assert.Matches($@"\n\s+{command}\b", help));
        Assert.Contains("CREATE TABLE public.pipeline_runs", script, StringComparison.Ordinal);
    }

    private static XDocument Read(ZipArchive archive, string name)
    {
        using var stream = archive.GetEntry(name)!.Open();
        return XDocument.Load(stream);
    }
}

using System.IO.Compression;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace AiSystemSpec.Sdk.PackageTests;

[Collection(PackedFeed.Collection)]
[Trait("Category", "Packages")]
public sealed class PackageContentTests(PackedFeed feed)
{
    [Theory]
    [InlineData(
        "AiSystemSpec.Sdk",
        "Microsoft.EntityFrameworkCore.Relational", "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Diagnostics.HealthChecks",
        "Microsoft.Extensions.Hosting.Abstractions", "Microsoft.Extensions.Options.ConfigurationExtensions", "Npgsql.EntityFrameworkCore.PostgreSQL")]
    [InlineData("AiSystemSpec.Sdk.Migrations", "AiSystemSpec.Sdk")]
    [InlineData("AiSystemSpec.Sdk.Testing", "Npgsql", "Testcontainers.PostgreSql")]
    public void Package_depends_on_what_it_needs_at_run_time_only(string package, params string[] dependencies)
    {
        var specification = ReadSpecification(package);

        Assert.Equal(dependencies, Descendants(specification, "dependency").Select(element => element.Attribute("id")!.Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Migrations_depend_on_exactly_their_own_version_of_the_SDK()
    {
        var dependency = Assert.Single(Descendants(ReadSpecification("AiSystemSpec.Sdk.Migrations"), "dependency"));

        Assert.Equal($"[{feed.Version}]", dependency.Attribute("version")!.Value);
    }

    [Theory]
    [InlineData("AiSystemSpec.Sdk")]
    [InlineData("AiSystemSpec.Sdk.Migrations")]
    [InlineData("AiSystemSpec.Sdk.Testing")]
    [InlineData("AiSystemSpec.Sdk.Cli")]
    public void Package_states_licence_readme_icon_and_version(string package)
    {
        var specification = ReadSpecification(package);

        Assert.Equal(feed.Version, Assert.Single(Descendants(specification, "version")).Value);
        var licence = Assert.Single(Descendants(specification, "license"));
        Assert.Equal(("expression", "MIT"), (licence.Attribute("type")!.Value, licence.Value));
        Assert.Equal("README.md", Assert.Single(Descendants(specification, "readme")).Value);
        Assert.Equal("icon.png", Assert.Single(Descendants(specification, "icon")).Value);
        Assert.NotEmpty(Assert.Single(Descendants(specification, "description")).Value);
    }

    [Theory]
    [InlineData("AiSystemSpec.Sdk")]
    [InlineData("AiSystemSpec.Sdk.Migrations")]
    [InlineData("AiSystemSpec.Sdk.Testing")]
    public void Package_holds_library_docs_readme_and_icon_and_symbols_stand_beside(string package)
    {
        using var archive = ZipFile.OpenRead(feed.PathOf(package, "nupkg"));
        using var symbols = ZipFile.OpenRead(feed.PathOf(package, "snupkg"));

        Assert.Equal(
            ["README.md", "icon.png", $"lib/net10.0/{package}.dll", $"lib/net10.0/{package}.xml"],
            archive.Entries.Select(entry => entry.FullName).Where(IsContent).Order(StringComparer.Ordinal));
        Assert.Equal([$"lib/net10.0/{package}.pdb"], symbols.Entries.Select(entry => entry.FullName).Where(IsContent));
        Assert.Equal(File.ReadAllText(Repository.PathOf("README.md")), ReadText(archive, "README.md"));
        Assert.Contains($"<name>{package}</name>", ReadText(archive, $"lib/net10.0/{package}.xml"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AiSystemSpec.Sdk")]
    [InlineData("AiSystemSpec.Sdk.Migrations")]
    [InlineData("AiSystemSpec.Sdk.Testing")]
    public void Library_is_deterministic(string package)
    {
        using var archive = ZipFile.OpenRead(feed.PathOf(package, "nupkg"));
        using var entry = archive.GetEntry($"lib/net10.0/{package}.dll")!.Open();
        using var copy = new MemoryStream();
        entry.CopyTo(copy);
        copy.Position = 0;
        using var library = new PEReader(copy);

        Assert.Contains(library.ReadDebugDirectory(), debug => debug.Type == DebugDirectoryEntryType.Reproducible);
    }

    // Without what the package format itself asks for.
    private static bool IsContent(string name) =>
        !name.StartsWith("_rels/", StringComparison.Ordinal)
        && !name.StartsWith("package/", StringComparison.Ordinal)
        && !name.EndsWith(".nuspec", StringComparison.Ordinal)
        && name is not "[Content_Types].xml";

    internal static IEnumerable<XElement> Descendants(XDocument specification, string name) =>
        specification.Descendants().Where(element => string.Equals(element.Name.LocalName, name, StringComparison.Ordinal));

    private static string ReadText(ZipArchive archive, string name)
    {
        using var reader = new StreamReader(archive.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }

    private XDocument ReadSpecification(string package)
    {
        using var archive = ZipFile.OpenRead(feed.PathOf(package, "nupkg"));
        return XDocument.Parse(ReadText(archive, package + ".nuspec"));
    }
}

namespace AiSystemSpec.Sdk.PackageTests;

/// <summary>A host outside the repository, which knows nothing but the packages.</summary>
[Collection(PackedFeed.Collection)]
[Trait("Category", "Packages")]
public sealed class ConsumerTests(PackedFeed feed)
{
    private string Project =>
        $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="AiSystemSpec.Sdk" Version="{feed.Version}" />
            <PackageReference Include="AiSystemSpec.Sdk.Migrations" Version="{feed.Version}" />
            <PackageReference Include="AiSystemSpec.Sdk.Testing" Version="{feed.Version}" />
          </ItemGroup>
        </Project>
        """;

    // Beside the machine's own source, from which everything else comes.
    private string Configuration =>
        $"""
        <configuration>
          <config>
            <add key="globalPackagesFolder" value="{Path.Combine(feed.Workplace, "packages")}" />
          </config>
          <packageSources>
            <add key="packed" value="{feed.Folder}" />
          </packageSources>
        </configuration>
        """;

    [Fact]
    public async Task First_snippet_builds_without_a_warning_and_runs_on_a_database()
    {
        await File.WriteAllTextAsync(Path.Combine(feed.Workplace, "nuget.config"), Configuration);
        await File.WriteAllTextAsync(Path.Combine(feed.Workplace, "Consumer.csproj"), Project);
        File.Copy(Repository.PathOf("samples", "Quickstart", "Program.cs"), Path.Combine(feed.Workplace, "Program.cs"));

        _ = await Dotnet.RunAsync(feed.Workplace, "build", "--configuration", "Release");
        var output = await Dotnet.RunAsync(feed.Workplace, Path.Combine("bin", "Release", "net10.0", "Consumer.dll"));

        Assert.Contains("Call 1: Researched.", output, StringComparison.Ordinal);
        Assert.Contains("Call 2: Hit.", output, StringComparison.Ordinal);
    }
}

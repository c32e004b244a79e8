using System.Runtime.InteropServices;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Publishing;

/// <summary>
/// Where programs are published to, and built: outside the sources, so that no other build meets what is restored for one runtime.
/// </summary>
public sealed class PublishFolder : IDisposable
{
    private const string Program = "AiSystemSpec.Sdk.TrimmedHost";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aisystemspec-publish-");

    public string Path => _folder.FullName;

    public string ProgramOf(string publishAs) => System.IO.Path.Combine(Path, publishAs, Program);

    public void Dispose() => _folder.Delete(recursive: true);

    internal Task<ProgramRun> PublishAsync(string publishAs) => ProgramRun.OfAsync(
        Path,
        "dotnet",
        "publish",
        Repository.PathOf("tests", Program),
        "--runtime",
        RuntimeInformation.RuntimeIdentifier,
        $"-p:PublishAs={publishAs}",
        "--artifacts-path",
        System.IO.Path.Combine(Path, "build"),
        "--output",
        System.IO.Path.Combine(Path, publishAs),
        "--nologo");
}

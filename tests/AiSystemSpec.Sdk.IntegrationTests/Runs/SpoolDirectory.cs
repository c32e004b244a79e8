namespace AiSystemSpec.Sdk.IntegrationTests.Runs;

/// <summary>A spool's folder for one test, removed at its end.</summary>
internal sealed class SpoolDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("aispec-spool-").FullName;

    /// <summary>The files in which rows wait.</summary>
    public IReadOnlyList<string> RowFiles => [.. Directory.EnumerateFiles(Path, "*.rows", SearchOption.AllDirectories)];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

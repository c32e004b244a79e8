using AiSystemSpec.Sdk.Testing;
using AiSystemSpec.Sdk.Testing.Servers;

namespace AiSystemSpec.Sdk.IntegrationTests.Testing;

/// <summary>A temp folder of a test class' own, so that what is left in it can be counted: no test of it leaves anything.</summary>
public sealed class TestingFolder : IDisposable
{
    public TestingFolder() => _ = Directory.CreateDirectory(Folder);   // not CreateTempSubdirectory: the server's user must get through

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), "aisystemspec-test-" + Guid.NewGuid().ToString("N"));

    /// <summary>The local way only, whatever the machine's variables say.</summary>
    internal TestingEnvironment Environment =>
        TestingEnvironment.OfProcess() with { Connection = null, Way = "local", TempFolder = Folder };

    /// <summary>The same for another process.</summary>
    public Dictionary<string, string?> Variables => new(StringComparer.Ordinal)
    {
        [TestingEnvironment.ConnectionVariable] = null,
        [TestingEnvironment.WayVariable] = "local",
        ["TMPDIR"] = Folder,
        ["TMP"] = Folder,
    };

    /// <summary>The folders of servers, running or left.</summary>
    public IReadOnlyCollection<string> Servers => [.. Directory.EnumerateDirectories(Folder, "run-*", SearchOption.AllDirectories)];

    public Task<EphemeralPostgres> StartAsync(EphemeralPostgresOptions? options = null) =>
        EphemeralPostgres.StartInAsync(options ?? new EphemeralPostgresOptions(), Environment, CancellationToken.None);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

namespace AiSystemSpec.Sdk.Testing.Servers;

/// <summary>What the process' environment says; a value of its own, so that tests need not change the process.</summary>
internal sealed record TestingEnvironment
{
    public const string ConnectionVariable = "AISYSTEMSPEC_TEST_CONNECTION";
    public const string WayVariable = "AISYSTEMSPEC_POSTGRES";
    public const string BinariesVariable = "AISYSTEMSPEC_PGBIN";

    public string? Connection { get; init; }

    public string? Way { get; init; }

    public string? Binaries { get; init; }

    public string? DockerHost { get; init; }

    /// <summary>
    /// Where binaries are searched when none are named: folders, newest version first; null for the usual ones and
    /// <see cref="SearchPath"/>.
    /// </summary>
    public IReadOnlyList<string>? SearchFolders { get; init; }

    public string? SearchPath { get; init; }

    public required string TempFolder { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public static TestingEnvironment OfProcess() => new()
    {
        Connection = Read(ConnectionVariable),
        Way = Read(WayVariable),
        Binaries = Read(BinariesVariable),
        DockerHost = Read("DOCKER_HOST"),
        SearchPath = Read("PATH"),
        TempFolder = Path.GetTempPath(),
    };

    private static string? Read(string name) =>
        Environment.GetEnvironmentVariable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
}

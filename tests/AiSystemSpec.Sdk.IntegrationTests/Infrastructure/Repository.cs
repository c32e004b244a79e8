namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>Where things are in the repository that these tests were built in.</summary>
internal static class Repository
{
    private static readonly Lazy<string> Found = new(Find);

    public static string PathOf(params string[] parts) => Path.Combine([Found.Value, .. parts]);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AiSystemSpec.Sdk.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}

namespace AiSystemSpec.Sdk.SampleTests.Infrastructure;

/// <summary>Where things are in the repository that these tests were built in.</summary>
internal static class Repository
{
    private static readonly Lazy<string> Found = new(Find);

    public static string Root => Found.Value;

    /// <summary>The program that a sample was built into, in the configuration of these tests.</summary>
    public static string ProgramOf(string sample)
    {
        var output = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.Combine(Root, "samples", sample, "bin", output.Parent!.Name, output.Name, sample + ".dll");
    }

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

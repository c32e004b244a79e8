namespace AiSystemSpec.Sdk.TestKit;

/// <summary>Where things are in the repository that the tests were built in.</summary>
public static class Repository
{
    private static readonly Lazy<string> Found = new(Find);

    public static string Root => Found.Value;

    /// <summary>A file or folder of the repository.</summary>
    /// <param name="parts">Its path from the root, in pieces or whole.</param>
    public static string PathOf(params string[] parts) => Path.Combine([Found.Value, .. parts]);

    /// <summary>The program that a project was built into, in the configuration of the tests.</summary>
    /// <param name="folder">The folder of projects, from the root.</param>
    /// <param name="project">The project.</param>
    public static string ProgramOf(string folder, string project)
    {
        var output = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return PathOf(folder, project, "bin", output.Parent!.Name, output.Name, project + ".dll");
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

namespace AiSystemSpec.Sdk.Tests.Repository;

/// <summary>The checked-in files of the repository that these tests were built in.</summary>
internal static class SourceTree
{
    private static readonly string[] BuildFolders = [".git", "bin", "obj", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts"];

    /// <summary>Where a path from the root is on this machine.</summary>
    public static string PathOf(string path) => Path.Combine(TestKit.Repository.Root, path);

    public static string ReadText(string path) => File.ReadAllText(PathOf(path)).ReplaceLineEndings("\n");

    public static bool Exists(string path) => Path.Exists(Path.Combine(TestKit.Repository.Root, path));

    public static string[] ReadLines(string path) => ReadText(path).TrimEnd('\n').Split('\n');

    /// <summary>Lists files below some folders, as paths from the root with forward slashes; all folders where none is named.</summary>
    public static IEnumerable<string> Files(string pattern, params string[] folders) =>
        (folders.Length == 0 ? [""] : folders)
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(TestKit.Repository.Root, folder), pattern, SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(TestKit.Repository.Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Intersect(BuildFolders, StringComparer.Ordinal).Any());
}

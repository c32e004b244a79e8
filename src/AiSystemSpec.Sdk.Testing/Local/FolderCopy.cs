namespace AiSystemSpec.Sdk.Testing.Local;

/// <summary>Copies a folder where there is no <c>cp</c>.</summary>
internal static class FolderCopy
{
    public static void Copy(string source, string target)
    {
        _ = Directory.CreateDirectory(target);
        foreach (var folder in Directory.EnumerateDirectories(source, "*", SearchOption.AllDirectories))
        {
            _ = Directory.CreateDirectory(Path.Combine(target, Path.GetRelativePath(source, folder)));
        }

        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, Path.Combine(target, Path.GetRelativePath(source, file)));
        }
    }
}

using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>
/// The names in a spool directory: a folder for each writer, with numbered files of records, <c>lock</c> and <c>position</c>; what is named
/// otherwise is not ours and is never touched.
/// </summary>
internal sealed class SpoolFolder
{
    private const string Prefix = "writer-";
    private const string Extension = ".rows";
    private const int NumberLength = 10;
    private const int CopyLength = 64 << 10;

    public SpoolFolder(string path) => Path = System.IO.Path.GetFullPath(path);

    public string Path { get; }

    public string Name => System.IO.Path.GetFileName(Path);

    public string PositionPath => System.IO.Path.Combine(Path, "position");

    public string LockPath => System.IO.Path.Combine(Path, FolderLock.Name);

    /// <summary>Makes a folder of a name that no other has.</summary>
    public static SpoolFolder Create(string directory)
    {
        SpoolFiles.CreateFolder(directory);
        var folder = new SpoolFolder(System.IO.Path.Combine(directory, $"{Prefix}{Guid.CreateVersion7():N}"));
        SpoolFiles.CreateFolder(folder.Path);
        return folder;
    }

    /// <summary>The writers' folders of a directory, oldest first.</summary>
    public static IReadOnlyList<SpoolFolder> In(string directory) => !Directory.Exists(directory)
        ? []
        : [.. Directory.EnumerateDirectories(directory, $"{Prefix}*").Where(IsName).Order(StringComparer.Ordinal).Select(path => new SpoolFolder(path))];

    /// <summary>Whether a path is that of a writer's folder, by its name.</summary>
    public static bool IsName(string path)
    {
        var name = System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(path));
        return name.StartsWith(Prefix, StringComparison.Ordinal) && Guid.TryParseExact(name[Prefix.Length..], "N", out _);
    }

    public string FileOf(long number) => System.IO.Path.Combine(Path, number.ToString("D10", CultureInfo.InvariantCulture) + Extension);

    /// <summary>The numbers and lengths of the files of records, oldest first.</summary>
    public IReadOnlyList<(long Number, long Length)> Files() =>
        [.. new DirectoryInfo(Path).EnumerateFiles($"*{Extension}").Where(file => NumberOf(file.Name) > 0).Select(file => (NumberOf(file.Name), file.Length)).Order()];

    /// <summary>Opens a file to read it; null where it is gone.</summary>
    public SafeFileHandle? TryOpen(long number)
    {
        try
        {
            return File.OpenHandle(FileOf(number), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Keeps bytes of a file that are no record beside the folder.</summary>
    /// <returns>The copy's name; null where the disk does not take it.</returns>
    public string? TryKeep(FileWindow file, long number, long offset, long length)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"damaged-{Name[Prefix.Length..]}-{number}-{offset}.bin");
        var path = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, name);
        try
        {
            using var target = SpoolFiles.OpenStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
            var end = offset + length;
            while (file.Get(offset, Math.Min(end - offset, CopyLength)) is { IsEmpty: false } bytes)
            {
                target.Write(bytes);
                offset += bytes.Length;
            }

            return name;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            SpoolFiles.TryDelete(path); // half a copy says less than the original, which stays
            return null;
        }
    }

    private static long NumberOf(string name) =>
        name.Length == NumberLength + Extension.Length && name.EndsWith(Extension, StringComparison.Ordinal)
        && long.TryParse(name.AsSpan(0, NumberLength), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}

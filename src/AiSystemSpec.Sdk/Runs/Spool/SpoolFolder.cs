using System.Globalization;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>
/// One writer's folder: numbered files of records, how far they were dealt with, and a lock file that is held open for as long as its owner
/// lives. The system lets go of the lock when a process dies, however it dies; whoever takes it then replays the folder.
/// </summary>
internal sealed class SpoolFolder : IDisposable
{
    private const string LockName = "lock";
    private const string PositionName = "position";
    private const string Extension = ".rows";
    private const int CreateAttempts = 3;

    private readonly string _path;
    private readonly FileStream _lock;

    private SpoolFolder(string path, FileStream @lock)
    {
        _path = path;
        _lock = @lock;
    }

    public string PositionPath => Path.Combine(_path, PositionName);

    public static SpoolFolder Create(string parent)
    {
        for (var attempt = 1; ; attempt++)
        {
            var path = Path.Combine(parent, Guid.CreateVersion7().ToString("N"));
            _ = Directory.CreateDirectory(path);
            try
            {
                return new SpoolFolder(path, Lock(path, FileMode.CreateNew));
            }
            catch (IOException) when (attempt < CreateAttempts)
            {
                // Another process took the new folder for an abandoned one, between the file's making and its lock.
            }
        }
    }

    /// <summary>Takes every folder below the parent whose owner is gone.</summary>
    public static IEnumerable<SpoolFolder> TakeAbandoned(string parent)
    {
        if (!Directory.Exists(parent))
        {
            yield break;
        }

        foreach (var path in Directory.EnumerateDirectories(parent).Order(StringComparer.Ordinal))
        {
            if (TryLock(path) is { } taken)
            {
                yield return new SpoolFolder(path, taken);
            }
        }
    }

    public string FileOf(long number) => Path.Combine(_path, number.ToString("D10", CultureInfo.InvariantCulture) + Extension);

    /// <summary>The numbers of the files of records, oldest first.</summary>
    public IEnumerable<long> Files() =>
        Directory.EnumerateFiles(_path, "*" + Extension)
            .Select(file => long.Parse(Path.GetFileNameWithoutExtension(file), CultureInfo.InvariantCulture))
            .Order();

    /// <summary>Keeps a file's rest, which is no record, beside the folder.</summary>
    /// <returns>The copy's name.</returns>
    public string KeepDamaged(long number, long offset)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"damaged-{Path.GetFileName(_path)}-{number}-{offset}.rows");
        using var source = new FileStream(FileOf(number), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var target = new FileStream(Path.Combine(Path.GetDirectoryName(_path)!, name), FileMode.Create);
        source.Position = offset;
        source.CopyTo(target);
        return name;
    }

    /// <summary>Removes the folder. Without the lock file nobody takes it, and the lock is let go last.</summary>
    public void Delete()
    {
        Directory.Delete(_path, recursive: true);
        _lock.Dispose();
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string path, FileMode mode) =>
        new(Path.Combine(path, LockName), mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.None);

    private static FileStream? TryLock(string path)
    {
        try
        {
            return Lock(path, FileMode.Open);
        }
        catch (IOException)
        {
            return null; // its owner lives, or is just making or removing it
        }
        catch (UnauthorizedAccessException)
        {
            return null; // another user's
        }
    }
}

using Microsoft.Win32.SafeHandles;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>Makes files and folders that only their owner may read: rows hold what a pipeline works on.</summary>
internal static class SpoolFiles
{
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersFolder = OwnersFile | UnixFileMode.UserExecute;

    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            _ = Directory.CreateDirectory(path);
        }
        else
        {
            _ = Directory.CreateDirectory(path, OwnersFolder);
        }
    }

    public static SafeFileHandle Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        var file = File.OpenHandle(path, mode, access, share);
        if (mode != FileMode.Open)
        {
            TryRestrict(file);
        }

        return file;
    }

    public static FileStream OpenStream(string path, FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (mode != FileMode.Open && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnersFile;
        }

        return new FileStream(path, options);
    }

    /// <summary>Removes a file if that is possible: one that stays is read again, which does no harm.</summary>
    public static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Left to whoever comes next.
        }
    }

    /// <summary>Forces what was written to the disk, if that is possible.</summary>
    public static void TryForce(SafeFileHandle file)
    {
        try
        {
            RandomAccess.FlushToDisk(file);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            // Closed meanwhile, and forced then; or a broken disk, where the next write fails by itself, and is reported.
        }
    }

    private static void TryRestrict(SafeFileHandle file)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // the folder's rights are inherited there
        }

        try
        {
            File.SetUnixFileMode(file, OwnersFile);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A file system without modes; the folder's remains.
        }
    }
}

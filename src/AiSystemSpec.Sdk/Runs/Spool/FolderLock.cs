namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>
/// A process's hold on a folder: an open file that the system locks where the file system can, which lets go however the process dies; what
/// it says of the process; and a heartbeat for those on other machines. Where two hold a folder all the same, both replay it, which the
/// rows' ids make harmless.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    public const string Name = "lock";

    /// <summary>How often a holder shows that it lives.</summary>
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a holder that cannot be asked for (on another machine, in another container) may be silent before it counts as dead.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly Lock HeldLock = new();
    private static readonly HashSet<string> Held = new(StringComparer.Ordinal);

    private readonly string _folder;
    private readonly FileStream _file;
    private readonly FolderClaim _claim;

    private FolderLock(string folder, FileStream file, string target)
    {
        _folder = folder;
        _file = file;
        _claim = new FolderClaim(WriterProcess.Current, target, IsReleased: false);
        Write(_claim);
    }

    /// <summary>Takes a folder that was just made.</summary>
    public static FolderLock Create(string folder, string target)
    {
        lock (HeldLock)
        {
            var file = SpoolFiles.OpenStream(Path.Combine(folder, Name), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
            _ = Held.Add(folder);
            return new FolderLock(folder, file, target);
        }
    }

    /// <summary>Takes a folder whose holder is gone; null where that is not certain.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="writer">Who wrote it, by its files, where the lock does not say.</param>
    /// <param name="target">The configured target, which is kept.</param>
    public static FolderLock? TryTake(string folder, WriterProcess? writer, string target)
    {
        lock (HeldLock)
        {
            if (IsHeld(folder, writer) || TryOpen(folder) is not { } file)
            {
                return null;
            }

            _ = Held.Add(folder);
            return new FolderLock(folder, file, target);
        }
    }

    /// <summary>Whether a living process holds the folder, as far as can be told without taking it.</summary>
    public static bool IsHeld(string folder, WriterProcess? writer)
    {
        lock (HeldLock)
        {
            if (Held.Contains(folder))
            {
                return true;
            }
        }

        var claim = FolderClaim.TryRead(Path.Combine(folder, Name));
        if (claim?.IsReleased == true)
        {
            return false;
        }

        var process = claim?.Process ?? writer;
        return process == WriterProcess.Current
            ? false // its own folders are in the list above
            : process?.IsLiving() ?? FileSystemClock.Now(folder) - LastSign(folder) < Patience;
    }

    /// <summary>Shows that the holder lives.</summary>
    public void Beat() => Write(_claim);

    /// <summary>Leaves the folder to whoever comes next.</summary>
    public void Release()
    {
        Write(_claim with { IsReleased = true });
        Dispose();
    }

    /// <summary>Removes the lock and the folder, where nothing but the lock is in it.</summary>
    public void Delete()
    {
        lock (HeldLock)
        {
            _file.Dispose();
            SpoolFiles.TryDelete(Path.Combine(_folder, Name));
            try
            {
                Directory.Delete(_folder, recursive: false);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Something that is not ours is in it, or it is gone.
            }

            _ = Held.Remove(_folder);
        }
    }

    public void Dispose()
    {
        lock (HeldLock)
        {
            _file.Dispose();
            _ = Held.Remove(_folder);
        }
    }

    private static FileStream? TryOpen(string folder)
    {
        try
        {
            return SpoolFiles.OpenStream(Path.Combine(folder, Name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null; // held, or gone
        }
    }

    /// <summary>When the holder was last heard of, by its lock or by the files it writes.</summary>
    private static DateTime LastSign(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).EnumerateFiles().Select(file => file.LastWriteTimeUtc).Append(Directory.GetLastWriteTimeUtc(folder)).Max();
        }
        catch (IOException)
        {
            return DateTime.MinValue;
        }
    }

    private void Write(FolderClaim claim)
    {
        var bytes = claim.ToBytes();
        try
        {
            RandomAccess.Write(_file.SafeFileHandle, bytes, 0);
            if (RandomAccess.GetLength(_file.SafeFileHandle) != bytes.Length)
            {
                RandomAccess.SetLength(_file.SafeFileHandle, bytes.Length);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // A full disk: the files say who wrote them, and the system holds the lock.
        }
    }
}

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>The time by which a file system stamps what is written, which on a shared one is its server's.</summary>
internal static class FileSystemClock
{
    /// <summary>The time of the file system on which a folder stands.</summary>
    public static DateTime Now(string folder)
    {
        var probe = Path.Combine(Path.GetDirectoryName(folder)!, $".clock-{Guid.NewGuid():N}");
        try
        {
            using (SpoolFiles.Open(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                return File.GetLastWriteTimeUtc(probe);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return TimeProvider.System.GetUtcNow().UtcDateTime; // files carry the system's time, not the host's
        }
        finally
        {
            SpoolFiles.TryDelete(probe);
        }
    }
}

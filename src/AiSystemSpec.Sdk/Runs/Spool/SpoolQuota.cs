namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>The bytes that the spool of one service takes on disk: its own folder's, and those of the folders that it replays.</summary>
internal sealed class SpoolQuota(long maxBytes)
{
    private long _bytes;

    /// <summary>Gets how large one file may be: so small that files are freed while others wait.</summary>
    public long FileBytes { get; } = Math.Clamp(maxBytes / 16, 4L << 10, 8L << 20);

    public bool HasRoom(long bytes) => Volatile.Read(ref _bytes) + bytes <= maxBytes;

    public void Count(long bytes) => Interlocked.Add(ref _bytes, bytes);
}

using AiSystemSpec.Sdk.Runs.Spool;

namespace AiSystemSpec.Sdk.Runs.Replay;

/// <summary>What is in a spool directory, for an operator. Nothing is taken or changed.</summary>
/// <param name="Folders">The writers' folders, oldest first.</param>
/// <param name="DamagedFiles">The names of files that keep what could not be read.</param>
/// <param name="SetAsideRows">How many refused rows wait for inspection.</param>
internal sealed record SpoolInventory(IReadOnlyList<SpoolInventoryFolder> Folders, IReadOnlyList<string> DamagedFiles, long SetAsideRows)
{
    public static SpoolInventory Of(string directory)
    {
        var now = FileSystemClock.Now(Path.Combine(Path.GetFullPath(directory), "probe"));
        return new SpoolInventory(
            [.. SpoolFolder.In(directory).Select(folder => Describe(folder, now))],
            [.. Directory.EnumerateFiles(directory, "damaged-*.bin").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)],
            Directory.EnumerateFiles(directory, "set-aside*.jsonl").Sum(path => File.ReadLines(path).LongCount()));
    }

    private static SpoolInventoryFolder Describe(SpoolFolder folder, DateTime now)
    {
        var look = FolderLook.At(folder);
        var (rows, damaged) = (0L, 0);
        try
        {
            (rows, damaged) = look.State is FolderState.Unreadable or FolderState.OtherVersion ? (0, 0) : (look.CountWaiting(), look.CountDamaged());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            look = look with { State = FolderState.Unreadable, Error = exception.Message };
        }

        return new SpoolInventoryFolder(folder.Name, look.State, look.Owner, look.Writer?.ToString(), rows, look.Bytes, look.OldestAt is { } oldest ? now - oldest : null, damaged, look.Error);
    }
}

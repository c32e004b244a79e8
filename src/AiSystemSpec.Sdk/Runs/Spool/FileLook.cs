namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>What can be seen of one file without reading its rows.</summary>
/// <param name="State">What stands at its beginning.</param>
/// <param name="Header">The header, where it is sound.</param>
internal readonly record struct FileLook(HeaderState State, FileHeader? Header)
{
    private const int FirstBytes = 4 << 10;

    public static FileLook At(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var window = new FileWindow(FirstBytes);
        window.Turn(file, RandomAccess.GetLength(file));
        var state = FileHeader.Read(window.Get(0, FirstBytes), out var header, out _);
        if (state == HeaderState.Damaged && window.End > FirstBytes)
        {
            state = FileHeader.Read(window.Get(0, FileHeader.LongestLength), out header, out _);
        }

        return new FileLook(state, header);
    }

    /// <summary>Counts the file's rows, and the stretches between them that are none.</summary>
    public static (long Rows, long EndOrdinal, int Damaged) Count(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var window = new FileWindow();
        window.Turn(file, RandomAccess.GetLength(file));
        var isSound = FileHeader.Read(window.Get(0, FileHeader.LongestLength), out var header, out var offset) == HeaderState.Sound;
        var at = isSound ? offset : RecordScanner.FindFrame(window, 0);
        var (rows, end, damaged) = (0L, header?.FirstOrdinal ?? 0, isSound || window.End == 0 ? 0 : 1);
        while (at < window.End)
        {
            var record = RecordScanner.Read(window, at, end);
            rows += record.Row is null ? 0 : 1;
            damaged += record.Row is null && !record.IsTail ? 1 : 0;
            end = Math.Max(end, record.Ordinal + 1);
            at = record.Next;
        }

        return (rows, end, damaged);
    }
}

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>
/// The damage of one folder: reported once, though a batch may be read again, and kept beside the folder, or in place where the disk has
/// no room.
/// </summary>
internal sealed class FolderDamage(SpoolFolder folder, SpoolDamage damage)
{
    private readonly HashSet<long> _kept = [];
    private SpoolPlace _reported = new(File: -1, 0, 0);
    private SpoolPlace _counted = new(File: -1, 0, 0);

    /// <summary>Whether a file is to stay.</summary>
    public bool IsKept(long number) => _kept.Contains(number);

    public void Keep(long number) => _kept.Add(number);

    /// <summary>Reports bytes that are no rows, and keeps a copy.</summary>
    public void Report(FileWindow window, SpoolPlace place, long length)
    {
        if (length == 0 || !IsBehind(place, _reported))
        {
            return;
        }

        var copy = folder.TryKeep(window, place.File, place.Offset, length);
        if (copy is null)
        {
            Keep(place.File);
        }

        damage.Report(length, copy ?? folder.FileOf(place.File));
        _reported = place;
    }

    /// <summary>Counts rows that should stand at a place and do not.</summary>
    public void CountMissing(SpoolPlace place, long rows)
    {
        if (IsBehind(place, _counted))
        {
            damage.CountMissing(rows, folder.Name, place.File);
            _counted = place;
        }
    }

    private static bool IsBehind(SpoolPlace place, SpoolPlace known) =>
        place.File > known.File || (place.File == known.File && place.Offset > known.Offset);
}

using Microsoft.Win32.SafeHandles;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>The files that a process left, as they stood when its folder was taken.</summary>
internal sealed class LeftFiles : IRecordFiles
{
    private readonly SpoolFolder _folder;
    private readonly List<SpoolFile> _files = [];

    public LeftFiles(SpoolFolder folder, long endOrdinal)
    {
        _folder = folder;
        foreach (var (number, length) in folder.Files())
        {
            _files.Add(new SpoolFile(number, length, IsSealed: true, EndOrdinal: 0));
        }

        for (var at = 0; at < _files.Count; at++)
        {
            var end = at + 1 == _files.Count ? endOrdinal : FirstOrdinalOf(_files[at + 1].Number);
            _files[at] = _files[at] with { EndOrdinal = end };
        }
    }

    public bool MayVanish => true;

    /// <summary>Gets whether files stay that cannot be dealt with.</summary>
    public bool HasKept { get; private set; }

    public SpoolFile? AtOrBehind(long number)
    {
        foreach (var file in _files)
        {
            if (file.Number >= number)
            {
                return file;
            }
        }

        return null;
    }

    public SafeFileHandle? Open(long number, out bool isBorrowed)
    {
        isBorrowed = false;
        return _folder.TryOpen(number);
    }

    public void Forget(long number, bool isRemoved)
    {
        foreach (var file in _files.Where(file => file.Number <= number && isRemoved))
        {
            SpoolFiles.TryDelete(_folder.FileOf(file.Number));
        }

        _ = _files.RemoveAll(file => file.Number <= number);
        HasKept |= !isRemoved;
    }

    private long FirstOrdinalOf(long number) => FileLook.At(_folder.FileOf(number)).Header?.FirstOrdinal ?? 0;
}

using Microsoft.Win32.SafeHandles;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>The files of this process's folder that are full and wait to be read. Not safe for parallel callers.</summary>
internal sealed class SealedFiles(SpoolFolder folder, SpoolQuota quota) : IDisposable
{
    // Those that stay open can be read though someone removes the folder. More would be a burden on the host's handles.
    private const int MaxOpen = 16;

    private readonly Queue<SpoolFile> _files = new();
    private readonly Dictionary<long, SafeFileHandle> _open = [];

    public int Count => _files.Count;

    /// <summary>Adds the newest, and forces it to the disk meanwhile.</summary>
    public void Add(SpoolFile file, SafeFileHandle handle)
    {
        _files.Enqueue(file);
        var staysOpen = _open.Count < MaxOpen && _open.TryAdd(file.Number, handle);
        _ = Task.Run(() =>
        {
            SpoolFiles.TryForce(handle);
            if (!staysOpen)
            {
                handle.Dispose();
            }
        });
    }

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

    public SafeFileHandle? OpenHandleOf(long number) => _open.GetValueOrDefault(number);

    /// <summary>Forgets the files up to a number, and removes them where they are dealt with.</summary>
    public void Forget(long number, bool isRemoved)
    {
        while (_files.TryPeek(out var file) && file.Number <= number)
        {
            quota.Count(-_files.Dequeue().End);
            if (_open.Remove(file.Number, out var handle))
            {
                handle.Dispose();
            }

            if (isRemoved)
            {
                SpoolFiles.TryDelete(folder.FileOf(file.Number));
            }
        }
    }

    public void Dispose()
    {
        foreach (var handle in _open.Values)
        {
            handle.Dispose();
        }

        _open.Clear();
    }
}

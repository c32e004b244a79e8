using AiSystemSpec.Sdk.Runs.Formatting;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>The folder of a process that is gone, on its way into the table.</summary>
internal sealed class LeftSpool : IRowSource, IDisposable
{
    private readonly SpoolFolder _folder;
    private readonly FolderLock _lock;
    private readonly LeftFiles _files;
    private readonly SpoolPosition _position;
    private readonly SpoolReader _reader;
    private readonly Func<bool> _mayRemove;
    private long _read;
    private bool _isWhole = true;

    private LeftSpool(SpoolFolder folder, FolderLock @lock, SpoolDamage damage, Func<bool> mayRemove)
    {
        _folder = folder;
        _lock = @lock;
        _mayRemove = mayRemove;
        _position = new SpoolPosition(folder.PositionPath);
        var isTrusted = _position.TryRead();
        _files = new LeftFiles(folder, isTrusted ? _position.EndOrdinal : 0);
        _reader = new SpoolReader(folder, _files, isTrusted ? StartOf(_position.Place) : default, damage);
    }

    /// <summary>Takes a folder; null where its holder lives after all.</summary>
    public static LeftSpool? TryTake(FolderLook look, SpoolDamage damage, Func<bool> mayRemove)
    {
        if (FolderLock.TryTake(look.Folder.Path, look.Writer, look.Owner?.Target ?? "") is not { } taken)
        {
            return null;
        }

        try
        {
            return new LeftSpool(look.Folder, taken, damage, mayRemove);
        }
        catch
        {
            taken.Release();
            throw;
        }
    }

    public IReadOnlyList<StoredRow> Read(int limit, long maxBytes)
    {
        var rows = _reader.Read(limit, maxBytes);
        foreach (var row in rows)
        {
            row.IsSpooled = true;
            row.MayExist = true; // the dead process may have sent it
            row.ClockOffset = _position.ClockOffset;
        }

        _read = rows.Count;
        return rows;
    }

    public int Release()
    {
        var mayRemove = _mayRemove();
        var place = _reader.Release(mayRemove);
        _isWhole &= mayRemove || _read == 0;
        if (_isWhole)
        {
            _position.Advance(place);
        }

        _read = 0;
        _lock.Beat();
        return 0;
    }

    /// <summary>Ends the folder when nothing is left to read: it is removed, with what is ours in it.</summary>
    /// <returns>Whether everything in it was dealt with.</returns>
    public bool End()
    {
        _ = Release();
        _reader.Close();
        _position.Dispose();
        if (!_isWhole || _files.HasKept)
        {
            _lock.Release();
            return false;
        }

        SpoolFiles.TryDelete(_folder.PositionPath);
        _lock.Delete();
        return true;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _position.Dispose();
        _lock.Release();
    }

    /// <summary>A place is believed where it is one in the files that are there; else everything is read again.</summary>
    private SpoolPlace StartOf(SpoolPlace place)
    {
        var first = _files.AtOrBehind(0);
        return first is { } file && (file.Number > place.File || (file.Number == place.File && file.End >= place.Offset)) ? place : default;
    }
}

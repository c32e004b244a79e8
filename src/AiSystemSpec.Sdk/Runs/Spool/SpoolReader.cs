using AiSystemSpec.Sdk.Runs.Formatting;
using Microsoft.Win32.SafeHandles;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>Reads a folder's rows in order. Used by one writer at a time.</summary>
/// <param name="folder">The folder.</param>
/// <param name="files">Its files.</param>
/// <param name="start">Where to begin.</param>
/// <param name="damage">Where what is no row is reported.</param>
internal sealed class SpoolReader(SpoolFolder folder, IRecordFiles files, SpoolPlace start, SpoolDamage damage) : IDisposable
{
    private readonly FileWindow _window = new();
    private readonly FolderDamage _damage = new(folder, damage);
    private SafeFileHandle? _file;
    private long _fileNumber;
    private bool _isBorrowed;
    private SpoolPlace _place = start;
    private SpoolPlace _next = start;

    /// <summary>Gets how many rows the last read passed that are missing or damaged.</summary>
    public int Missing { get; private set; }

    /// <summary>Reads rows behind the place, as many as the limits allow and one at least; none where nothing is left.</summary>
    public List<StoredRow> Read(int limit, long maxBytes)
    {
        var rows = new List<StoredRow>();
        Missing = 0;
        _next = _place;
        while (files.AtOrBehind(_next.File) is { } file)
        {
            if (file.Number != _next.File)
            {
                _next = new SpoolPlace(file.Number, 0, _next.Ordinal);
            }

            if (!ReadFile(file, limit, ref maxBytes, rows))
            {
                break;
            }

            SkipMissing(file, file.EndOrdinal);
            if (!file.IsSealed)
            {
                break;
            }

            _next = new SpoolPlace(file.Number + 1, 0, _next.Ordinal);
        }

        return rows;
    }

    /// <summary>Forgets what was read last, and removes the files that are done.</summary>
    /// <param name="mayRemove">Whether files may go now.</param>
    /// <returns>The place up to which all is dealt with.</returns>
    public SpoolPlace Release(bool mayRemove)
    {
        _place = _next;
        if (mayRemove)
        {
            Remove();
        }

        return _place;
    }

    /// <summary>Lets go of the open file.</summary>
    public void Close()
    {
        if (!_isBorrowed)
        {
            _file?.Dispose();
        }

        (_file, _fileNumber) = (null, 0);
        _window.Leave();
    }

    public void Dispose() => Close();

    private void Remove()
    {
        while (files.AtOrBehind(0) is { IsSealed: true } done && done.Number < _place.File)
        {
            if (_fileNumber == done.Number)
            {
                Close();
            }

            files.Forget(done.Number, isRemoved: !_damage.IsKept(done.Number));
        }
    }

    /// <summary>Reads what the limits allow of one file.</summary>
    /// <returns>Whether the file's end was reached.</returns>
    private bool ReadFile(SpoolFile file, int limit, ref long maxBytes, List<StoredRow> rows)
    {
        if (_next.Offset >= file.End)
        {
            return true;
        }

        if (!TryTurn(file))
        {
            // Of another process's folder someone else has read it; one's own was taken away.
            _next = _next with { Offset = file.End, Ordinal = files.MayVanish ? Math.Max(_next.Ordinal, file.EndOrdinal) : _next.Ordinal };
            return true;
        }

        if (_next.Offset == 0)
        {
            PassHeader(file);
        }

        while (_next.Offset < file.End)
        {
            if (rows.Count >= limit)
            {
                return false;
            }

            var record = RecordScanner.Read(_window, _next.Offset, _next.Ordinal);
            if (record.Row is { } row)
            {
                if (rows.Count > 0 && row.Size > maxBytes)
                {
                    return false;
                }

                maxBytes -= row.Size;
                SkipMissing(file, record.Ordinal);
                rows.Add(row);
                _next = new SpoolPlace(file.Number, record.Next, Math.Max(record.Ordinal + 1, _next.Ordinal));
            }
            else
            {
                PassDamage(file, record);
            }
        }

        return true;
    }

    private void PassHeader(SpoolFile file)
    {
        var state = FileHeader.Read(_window.Get(0, FileHeader.LongestLength), out var header, out var length);
        if (state == HeaderState.Sound)
        {
            SkipMissing(file, header!.FirstOrdinal);
            _next = _next with { Offset = length, Ordinal = Math.Max(_next.Ordinal, header.FirstOrdinal) };
            return;
        }

        var first = state == HeaderState.OtherVersion ? file.End : RecordScanner.FindFrame(_window, 0);
        if (first == file.End && files.MayVanish)
        {
            _damage.Keep(file.Number); // nothing in it is ours
        }
        else
        {
            _damage.Report(_window, _next, first);
        }

        _next = _next with { Offset = first };
        if (_next.Ordinal == 0 && RecordFrame.TryRead(_window.Get(first, RecordFrame.Length), out var frame))
        {
            _next = _next with { Ordinal = frame.Ordinal };
        }
    }

    private void PassDamage(SpoolFile file, ScannedRecord record)
    {
        // Half of the last record of a process that died: nobody was told that it is there.
        var isExpected = record.IsTail && file.IsSealed && file.EndOrdinal <= _next.Ordinal;
        if (!isExpected)
        {
            // What follows says how many rows were here. At the end of all it may be unknown; then it was one at least.
            var known = record.Next < file.End || file.EndOrdinal > 0;
            _damage.Report(_window, _next, record.Length);
            SkipMissing(file, known ? _next.Ordinal : _next.Ordinal + 1);
        }

        _next = _next with { Offset = record.Next };
    }

    /// <summary>Counts the rows that should be here and are not.</summary>
    private void SkipMissing(SpoolFile file, long ordinal)
    {
        var missing = _next.Ordinal == 0 ? 0 : ordinal - _next.Ordinal;
        if (missing <= 0)
        {
            return;
        }

        Missing += (int)Math.Min(missing, int.MaxValue);
        _damage.CountMissing(_next with { File = file.Number }, missing);
        _next = _next with { Ordinal = ordinal };
    }

    private bool TryTurn(SpoolFile file)
    {
        if (_fileNumber != file.Number || _file is null || _file.IsClosed)
        {
            Close();
            _file = files.Open(file.Number, out _isBorrowed);
            _fileNumber = file.Number;
        }

        if (_file is null)
        {
            return false;
        }

        _window.Turn(_file, file.End);
        return true;
    }
}

using AiSystemSpec.Sdk.Runs.Writing;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>The folder of a process that is gone, on its way into the table.</summary>
internal sealed class AbandonedSpool : IDisposable
{
    private readonly SpoolFolder _folder;
    private readonly SpoolReader _reader;
    private int _read;

    public AbandonedSpool(SpoolFolder folder, ILogger logger)
    {
        _folder = folder;
        _reader = new SpoolReader(folder, LengthOf, logger);
        Waiting = _reader.Count();
        Bytes = folder.Files().Sum(file => LengthOf(file) ?? 0);
    }

    public long Waiting { get; private set; }

    public long Bytes { get; }

    public IReadOnlyList<StoredRow> Read(int limit, long maxBytes)
    {
        var rows = _reader.Read(limit, maxBytes);
        foreach (var row in rows)
        {
            row.MayExist = true; // the dead process may have sent it
            row.ClockOffset = _reader.ClockOffset;
        }

        _read = rows.Count;
        return rows;
    }

    public void Release()
    {
        _ = _reader.Release();
        Waiting -= _read;
    }

    /// <summary>Removes the folder, when nothing is left to read.</summary>
    public void Delete()
    {
        _reader.Dispose();
        _folder.Delete();
    }

    public void Dispose()
    {
        _reader.Dispose();
        _folder.Dispose();
    }

    private long? LengthOf(long number)
    {
        var file = new FileInfo(_folder.FileOf(number));
        return file.Exists ? file.Length : null;
    }
}

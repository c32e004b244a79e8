using System.Text;

namespace AiSystemSpec.Sdk.Retention.Purging;

/// <summary>
/// The file that rows are written to before they are deleted: one JSON object a line, <c>{"table":…,"row":…}</c>. A batch is on the disk
/// before its transaction commits, and is taken back where it does not commit, so that the file holds what was deleted.
/// </summary>
internal sealed class PurgeExport : IAsyncDisposable
{
    private const int WriteSize = 64 * 1024;

    // Without a buffer of its own: what a full disk did not take would be written again when the file is closed.
    private readonly FileStream _file;
    private readonly StringBuilder _lines = new();
    private long _kept;
    private bool _isAhead;

    private PurgeExport(FileStream file) => _file = file;

    /// <summary>Creates the file, readable by its owner only.</summary>
    /// <exception cref="IOException">There is such a file, or it cannot be made.</exception>
    public static PurgeExport Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            return new PurgeExport(new FileStream(path, options));
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new IOException($"The file for the rows that are deleted, {path}, cannot be made: {exception.Message} Nothing was deleted.", exception);
        }
    }

    public async ValueTask AppendAsync(string table, string row, CancellationToken cancellationToken)
    {
        var first = _lines.Append("{\"table\":\"").Append(table).Append("\",\"row\":").Length;
        // A column of type json keeps the spaces that it was written with; these two do not stand in a JSON string, as others that end a
        // line may.
        _ = _lines.Append(row).Replace('\n', ' ', first, row.Length).Replace('\r', ' ', first, row.Length).Append("}\n");
        if (_lines.Length >= WriteSize)
        {
            await WriteAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Brings what was appended to the disk.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await WriteAsync(cancellationToken).ConfigureAwait(false);
        _file.Flush(flushToDisk: true);
    }

    /// <summary>The rows since the last time are deleted.</summary>
    public void Keep()
    {
        _kept = _file.Position;
        _isAhead = false;
    }

    /// <summary>The rows since the last time are not deleted.</summary>
    public void TakeBack()
    {
        _ = _lines.Clear();
        if (_isAhead)
        {
            _file.SetLength(_kept);
            _file.Position = _kept;
            _file.Flush(flushToDisk: true);
            _isAhead = false;
        }
    }

    /// <summary>Closes the file, and removes it where it holds nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        var isEmpty = _file.Length == 0;
        await _file.DisposeAsync().ConfigureAwait(false);
        if (isEmpty)
        {
            File.Delete(_file.Name);
        }
    }

    private async ValueTask WriteAsync(CancellationToken cancellationToken)
    {
        _isAhead = true; // also where only a part of it is taken
        await _file.WriteAsync(Encoding.UTF8.GetBytes(_lines.ToString()), cancellationToken).ConfigureAwait(false);
        _ = _lines.Clear();
    }
}

namespace AiSystemSpec.Sdk.Retention.Purging;

/// <summary>
/// The file that rows are written to before they are deleted: one JSON object a line, <c>{"table":…,"row":…}</c>. A batch is on the disk before its transaction
/// commits, and is taken back where it does not commit, so that the file holds what was deleted.
/// </summary>
internal sealed class PurgeExport : IAsyncDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly FileStream _file;
    private readonly StreamWriter _writer;
    private long _kept;

    private PurgeExport(FileStream file)
    {
        _file = file;
        _writer = new StreamWriter(file, bufferSize: BufferSize) { NewLine = "\n" };
    }

    /// <summary>Creates the file, readable by its owner only.</summary>
    /// <exception cref="IOException">There is such a file, or it cannot be made.</exception>
    public static PurgeExport Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new PurgeExport(new FileStream(path, options));
    }

    public async ValueTask AppendAsync(string table, string row, CancellationToken cancellationToken)
    {
        await _writer.WriteAsync("{\"table\":\"").ConfigureAwait(false);
        await _writer.WriteAsync(table).ConfigureAwait(false);
        await _writer.WriteAsync("\",\"row\":").ConfigureAwait(false);
        // A column of type json keeps the spaces that it was written with; these two do not stand in a JSON string, as others that end a line may.
        await _writer.WriteAsync(row.Replace('\n', ' ').Replace('\r', ' ').AsMemory(), cancellationToken).ConfigureAwait(false);
        await _writer.WriteLineAsync("}").ConfigureAwait(false);
    }

    /// <summary>Brings what was appended to the disk.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        _file.Flush(flushToDisk: true);
    }

    /// <summary>The rows since the last time are deleted.</summary>
    public void Keep() => _kept = _file.Position;

    /// <summary>The rows since the last time are not deleted.</summary>
    public async ValueTask TakeBackAsync()
    {
        await _writer.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        if (_file.Position != _kept)
        {
            _file.SetLength(_kept);
            _file.Position = _kept;
            _file.Flush(flushToDisk: true);
        }
    }

    /// <summary>Closes the file, and removes it where it holds nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        var isEmpty = _file.Length == 0;
        await _writer.DisposeAsync().ConfigureAwait(false);
        if (isEmpty)
        {
            File.Delete(_file.Name);
        }
    }
}

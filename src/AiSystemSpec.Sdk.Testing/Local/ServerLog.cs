namespace AiSystemSpec.Sdk.Testing.Local;

/// <summary>The last lines of a server's log.</summary>
/// <remarks>
/// Read on a thread of its own: a server that writes much while the host's thread pool is busy would else stand still on a full pipe.
/// </remarks>
internal sealed class ServerLog
{
    private const int KeptLines = 30;
    private readonly Queue<string> _lines = new();
    private readonly Thread _reader;

    public ServerLog(StreamReader errors)
    {
        _reader = new Thread(() => Read(errors)) { IsBackground = true, Name = "postgres log" };
        _reader.Start();
    }

    /// <summary>The end of the log, of a server that has ended.</summary>
    public string ReadToEnd()
    {
        _ = _reader.Join(TimeSpan.FromSeconds(1));
        lock (_lines)
        {
            return string.Join(Environment.NewLine, _lines);
        }
    }

    private void Read(StreamReader errors)
    {
        try
        {
            while (errors.ReadLine() is { } line)
            {
                Keep(line);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The server is gone.
        }
    }

    private void Keep(string line)
    {
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > KeptLines)
            {
                _ = _lines.Dequeue();
            }
        }
    }
}

using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Runs.Formatting;
using AiSystemSpec.Sdk.Runs.Queue;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>
/// Keeps the rows that the database refuses for their own sake, one JSON object a line, for inspection. Where the file cannot be written,
/// a second one takes its place; where that cannot, either, the lines wait in memory, and meanwhile nothing of the spool is removed.
/// </summary>
internal sealed class SetAsideFile : ISetAside, IDisposable
{
    public const string FileName = "set-aside.jsonl";

    private const int MaxPending = 1_000;
    private const int LinuxNoSpace = 28;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    private readonly Lock _lock = new();
    private readonly string _directory;
    private readonly string[] _paths;
    private readonly long _maxBytes;
    private readonly string _target;
    private readonly RunLogState _state;
    private readonly ILogger _logger;
    private readonly Queue<byte[]> _pending = new();
    private bool _isFailing;
    private bool _lacksRoom;

    public SetAsideFile(string directory, long maxBytes, string target, RunLogState state, ILogger logger)
    {
        _directory = directory;
        _paths = [Path.Combine(directory, FileName), Path.Combine(directory, $"set-aside-{Guid.CreateVersion7():N}.jsonl")];
        _maxBytes = maxBytes;
        _target = target;
        _state = state;
        _logger = logger;
    }

    /// <summary>Writes what waits in memory.</summary>
    /// <returns>
    /// Whether files of the spool may be removed: nothing waits any more, or only for the room that they take, and then the call is to be
    /// repeated.
    /// </returns>
    public bool TryFlush()
    {
        lock (_lock)
        {
            return _pending.Count == 0 || TryWritePending() || _lacksRoom;
        }
    }

    public void Add(StoredRow row, Exception? exception)
    {
        var line = SetAsideLine.Format(row, _target, exception);
        lock (_lock)
        {
            if (_pending.Count == 0 && TryWrite(line))
            {
                Log.RunRowRefused(_logger, exception, "set aside in set-aside.jsonl of the spool");
                _state.CountSetAside();
            }
            else if (IsFull(line) || _pending.Count == MaxPending)
            {
                Log.RunRowRefused(_logger, exception, "lost, since set-aside.jsonl of the spool takes no more");
                _state.CountLost(1, "refused");
            }
            else
            {
                _pending.Enqueue(line);
                Log.RunRowRefused(_logger, exception, "kept in memory until set-aside.jsonl of the spool can be written");
                _state.CountKept();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_pending.Count > 0 && !TryWritePending())
            {
                _state.CountKeptLost(_pending.Count);
                _pending.Clear();
            }
        }
    }

    private bool TryWritePending()
    {
        while (_pending.TryPeek(out var line) && TryWrite(line))
        {
            _ = _pending.Dequeue();
            _state.CountKeptInFile();
        }

        return _pending.Count == 0;
    }

    private bool IsFull(byte[] line)
    {
        var file = new FileInfo(_paths[0]);
        return file.Exists && file.Length + line.Length > _maxBytes;
    }

    private bool TryWrite(byte[] line)
    {
        Exception? failure = null;
        foreach (var path in _paths)
        {
            try
            {
                SpoolFiles.CreateFolder(_directory);
                using var file = SpoolFiles.OpenStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
                if (file.Length + line.Length > _maxBytes)
                {
                    return false;
                }

                Append(file, line);
                _isFailing = false;
                return true;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                failure = exception;
                _lacksRoom = exception.HResult is LinuxNoSpace or WindowsDiskFull;
            }
        }

        if (!_isFailing)
        {
            _isFailing = true;
            Log.SetAsideFailed(_logger, failure!);
        }

        return false;
    }

    /// <summary>Writes a line at once, since two processes may append, and takes back half of one.</summary>
    private static void Append(FileStream file, byte[] line)
    {
        var length = file.Length;
        try
        {
            file.Write(line);
        }
        catch (IOException)
        {
            if (file.Length < length + line.Length)
            {
                file.SetLength(length);
            }

            throw;
        }
    }
}

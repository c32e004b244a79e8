using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Runs.Formatting;
using AiSystemSpec.Sdk.Runs.Queue;
using AiSystemSpec.Sdk.Runs.Spool;
using AiSystemSpec.Sdk.Runs.Writing;
using Npgsql;

namespace AiSystemSpec.Sdk.Runs.Replay;

/// <summary>The rows of folders that an operator names, one folder open at a time. It takes no new rows.</summary>
internal sealed class ReplayQueue(Database database, IEnumerable<FolderLook> folders, SpoolDamage damage, Func<bool> mayRemove) : IRowQueue
{
    private readonly Queue<(FolderLook Look, long Rows)> _folders = new(folders.Select(look => (look, look.CountWaiting())));
    private LeftSpool? _open;
    private int _asked;
    private int _peeked;
    private long _done;

    public List<string> Replayed { get; } = [];

    public List<string> InUse { get; } = [];

    public List<string> LeftAlone { get; } = [];

    /// <summary>Gets how many of the rows were in the table before.</summary>
    public long Existing { get; private set; }

    public long Spooled => Math.Max(_peeked, _folders.Sum(folder => folder.Rows) - _done);

    public long Waiting => Spooled;

    public bool IsDurable => true;

    public bool HasEarlierRows => false;

    public string? Add(HandedOverRow row) => "disposed";

    public ValueTask PrepareAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public IReadOnlyList<StoredRow> Peek(int limit, long maxBytes)
    {
        while (_open is not null || TryOpen())
        {
            var rows = _open!.Read(limit, maxBytes);
            if (rows.Count > 0)
            {
                CountExisting(rows);
                _peeked = rows.Count;
                return rows;
            }

            (_open.End() ? Replayed : LeftAlone).Add(_folders.Dequeue().Look.Folder.Name);
            _open = null;
            _done = 0;
        }

        return [];
    }

    public int Release()
    {
        _ = _open?.Release();
        _done += _peeked;
        (_asked, _peeked) = (0, 0);
        return 0;
    }

    public void RememberClock(long offset)
    {
        // Each folder has its own.
    }

    public int Close(IReadOnlyList<StoredRow> unreleased) => 0;

    public void Dispose() => _open?.Dispose();

    private bool TryOpen()
    {
        while (_folders.TryPeek(out var next))
        {
            _open = LeftSpool.TryTake(next.Look, damage, mayRemove);
            if (_open is not null)
            {
                return true;
            }

            InUse.Add(_folders.Dequeue().Look.Folder.Name);
        }

        return false;
    }

    /// <summary>Asks for the rows that were not asked for yet: those that were read before come first again.</summary>
    private void CountExisting(IReadOnlyList<StoredRow> rows)
    {
        var ids = rows.Skip(_asked).Select(row => row.Id).Distinct().ToArray();
        if (ids.Length == 0)
        {
            return;
        }

        using var connection = database.OpenConnectionAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult(); // on the writer's own thread
        using var command = database.CreateCommand(connection, RunSql.CountKnown);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = ids, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Uuid });
        Existing += (long)command.ExecuteScalar()!;
        _asked = rows.Count;
    }
}

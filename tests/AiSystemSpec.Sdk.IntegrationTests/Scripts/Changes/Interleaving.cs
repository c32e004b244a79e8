using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Npgsql;
using static AiSystemSpec.Sdk.IntegrationTests.Scripts.Changes.FeedStepKind;

namespace AiSystemSpec.Sdk.IntegrationTests.Scripts.Changes;

/// <summary>
/// Carries out steps on one database, one after the other, and keeps what the readers were given. A step that makes no sense where it
/// stands (a commit without a transaction) does nothing, so that any list of steps can be carried out, and shrunk.
/// </summary>
internal sealed class Interleaving : IAsyncDisposable
{
    public const int Writers = 4;
    public const int Readers = 3;

    private readonly string _elsewhere;
    private readonly HostServices _sdk;
    private readonly Writer[] _writers;
    private readonly Reader[] _readers;
    private NpgsqlConnection? _open;

    private Interleaving(string elsewhere, HostServices sdk, Writer[] writers)
    {
        (_elsewhere, _sdk, _writers) = (elsewhere, sdk, writers);
        _readers = [.. Enumerable.Range(0, Readers).Select(_ => new Reader())];
    }

    /// <summary>How many scripts were given more than once with the same content.</summary>
    public int Duplicates => _readers.Sum(reader => reader.Duplicates);

    public static async Task<Interleaving> StartAsync(string database, string elsewhere)
    {
        var writers = new List<Writer>();
        for (var i = 0; i < Writers; i++)
        {
            writers.Add(new Writer(await Sql.OpenAsync(database)));
        }

        return new Interleaving(elsewhere, HostServices.Over(database), [.. writers]);
    }

    public Task RunAsync(FeedStep step)
    {
        var (writer, reader) = (_writers[step.Who % Writers], _readers[step.Who % Readers]);
        return step.Kind switch
        {
            Begin => writer.BeginAsync(),
            Insert => writer.ExecuteAsync($"INSERT INTO public.scripts (content) SELECT gen_random_uuid()::text FROM generate_series(1, {step.Size})"),
            InsertOld => writer.ExecuteAsync($"INSERT INTO public.scripts (content, created_at) SELECT gen_random_uuid()::text, CASE WHEN i > 1 THEN '2020-01-01'::timestamptz END FROM generate_series(1, {step.Size}) i"),
            Savepoint => writer.InTransactionAsync("SAVEPOINT point", sets: true),
            RollbackToSavepoint => writer.RollBackToSavepointAsync(),
            ExceptionBlock => writer.ExecuteAsync("DO $$ BEGIN INSERT INTO public.scripts (content) VALUES (gen_random_uuid()::text); EXCEPTION WHEN division_by_zero THEN NULL; END $$"),
            Update => writer.ExecuteAsync($"UPDATE public.scripts SET content = gen_random_uuid()::text WHERE id IN (SELECT id FROM public.scripts ORDER BY random() LIMIT {step.Size} FOR UPDATE SKIP LOCKED)"),
            Delete => writer.ExecuteAsync("DELETE FROM public.scripts WHERE id IN (SELECT id FROM public.scripts ORDER BY random() LIMIT 1 FOR UPDATE SKIP LOCKED)"),
            Commit => writer.EndAsync("COMMIT"),
            Rollback => writer.EndAsync("ROLLBACK"),
            Prepare => writer.PrepareAsync(),
            BurnIds => BurnAsync(step.Size),
            OpenElsewhere => ToggleElsewhereAsync(),
            Freeze => writer.IsOpen ? Task.CompletedTask : writer.ExecuteAsync("VACUUM (FREEZE) public.scripts"),
            Look => reader.LookAsync(_sdk.Scripts, step.Size * 3, all: true),
            LookOnce => reader.LookAsync(_sdk.Scripts, step.Size, all: false),
            _ => reader.GoBackAsync(step.Size),
        };
    }

    /// <summary>Lets everybody finish, and looks a last time.</summary>
    /// <returns>The scripts, with their contents, that a reader was not given.</returns>
    public async Task<IReadOnlyList<string>> FinishAsync()
    {
        foreach (var writer in _writers)
        {
            await writer.EndAsync("COMMIT");
        }

        if (_open is not null)
        {
            await ToggleElsewhereAsync();
        }

        var missed = new List<string>();
        foreach (var reader in _readers)
        {
            await reader.LookAsync(_sdk.Scripts, limit: 7, all: true);
            missed.AddRange((await AllAsync()).Where(script => !reader.HasGot(script)).Select(script => $"{script.Id} {script.Content}"));
        }

        return missed;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var writer in _writers)
        {
            await writer.DisposeAsync();
        }

        if (_open is not null)
        {
            await _open.DisposeAsync();
        }

        await _sdk.DisposeAsync();
    }

    private async Task<List<Script>> AllAsync()
    {
        var all = new List<Script>();
        string? cursor = null;
        do
        {
            var page = await _sdk.Scripts.ListAsync(page: new PageRequest { Cursor = cursor, Limit = 1_000 });
            all.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        return all;
    }

    private async Task BurnAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Sql.ExecuteAsync(_elsewhere, "SELECT pg_current_xact_id()");
        }
    }

    private async Task ToggleElsewhereAsync()
    {
        if (_open is not null)
        {
            await _open.DisposeAsync();
            _open = null;
            return;
        }

        _open = await Sql.OpenAsync(_elsewhere);
        foreach (var sql in (string[])["BEGIN", "SELECT pg_current_xact_id()"])
        {
            await using var command = Sql.Command(_open, sql);
            _ = await command.ExecuteNonQueryAsync();
        }
    }

    private sealed class Writer(NpgsqlConnection connection) : IAsyncDisposable
    {
        private bool _hasSavepoint;
        private string? _prepared;

        public bool IsOpen { get; private set; }

        public async Task ExecuteAsync(string sql)
        {
            await using var command = Sql.Command(connection, sql);
            _ = await command.ExecuteNonQueryAsync();
        }

        public async Task BeginAsync()
        {
            if (!IsOpen)
            {
                await ExecuteAsync("BEGIN");
                IsOpen = true;
            }
        }

        public async Task InTransactionAsync(string sql, bool sets)
        {
            if (IsOpen)
            {
                await ExecuteAsync(sql);
                _hasSavepoint |= sets;
            }
        }

        public Task RollBackToSavepointAsync() => _hasSavepoint ? ExecuteAsync("ROLLBACK TO SAVEPOINT point") : Task.CompletedTask;

        public async Task PrepareAsync()
        {
            if (IsOpen && _prepared is null)
            {
                _prepared = $"prepared-{Guid.NewGuid():N}";
                await ExecuteAsync($"PREPARE TRANSACTION '{_prepared}'");
                (IsOpen, _hasSavepoint) = (false, false);
            }
        }

        public async Task EndAsync(string sql)
        {
            if (IsOpen)
            {
                await ExecuteAsync(sql);
                (IsOpen, _hasSavepoint) = (false, false);
            }
            else if (_prepared is not null)
            {
                await ExecuteAsync($"{sql} PREPARED '{_prepared}'");
                _prepared = null;
            }
        }

        public async ValueTask DisposeAsync()
        {
            await EndAsync("ROLLBACK");
            await EndAsync("ROLLBACK");
            await connection.DisposeAsync();
        }
    }

    private sealed class Reader
    {
        private readonly List<string?> _cursors = [null];
        private readonly HashSet<(Guid, string?)> _got = [];

        public int Duplicates { get; private set; }

        public bool HasGot(Script script) => _got.Contains((script.Id, script.Content));

        public async Task LookAsync(IScriptStore store, int limit, bool all)
        {
            ScriptChanges changes;
            do
            {
                changes = await store.GetChangesAsync(_cursors[^1], limit);
                Duplicates += changes.Items.Count(change => !_got.Add((change.Script.Id, change.Script.Content)));
                _cursors.AddRange(changes.Items.Select(change => change.Cursor)); // any of them may be the one that was stored
                _cursors.Add(changes.Cursor);
            }
            while (all && changes.HasMore);
        }

        /// <summary>The process dies, and comes back with a cursor that it stored some time ago.</summary>
        public Task GoBackAsync(int steps)
        {
            _cursors.Add(_cursors[^Math.Min(steps, _cursors.Count)]);
            return Task.CompletedTask;
        }
    }
}

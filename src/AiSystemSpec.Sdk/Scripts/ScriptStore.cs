using System.Runtime.CompilerServices;
using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Paging;
using AiSystemSpec.Sdk.Scripts.Changes;
using AiSystemSpec.Sdk.Specification;
using AiSystemSpec.Sdk.Text;
using AiSystemSpec.Sdk.Wire;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;
using static AiSystemSpec.Sdk.Specification.Schema;

namespace AiSystemSpec.Sdk.Scripts;

/// <summary>The script history: reading over the EF model, saving as SQL that can be repeated without saving twice.</summary>
internal sealed class ScriptStore(Database database, TimeProvider timeProvider, ILogger logger) : IScriptStore
{
    private const string Table = $"{Schema.Name}.{Schema.Scripts}";

    private const string SaveSql =
        $"""
        INSERT INTO {Table} ({Columns.Id}, {Columns.Content}) VALUES ($1, $2)
        ON CONFLICT DO NOTHING
        RETURNING {Columns.CreatedAt}
        """;

    private const string DeleteSql = $"DELETE FROM {Table} WHERE {Columns.Id} = $1";

    /// <summary>
    /// How many contents are looked into at once, and in one call of <see cref="ListAsync"/>, for a condition that the database cannot
    /// answer.
    /// </summary>
    private const int JsonBlockSize = 200;

    private const int MostLooked = 20_000;

    // What a repeated save finds where only the acknowledgement of the first was lost.
    private const string SavedSql = $"SELECT {Columns.CreatedAt}, {StandbyConfirmation.WaitSql} FROM {Table} WHERE {Columns.Id} = $1";

    private readonly FeedReader _feed = new(database);
    private readonly SaveSignal _saves = new();
    private readonly ScriptInstruments _instruments = new(database.Label);

    public async Task<Script> SaveAsync(string content, CancellationToken cancellationToken = default)
    {
        StoredText.ThrowIfBlankOrInvalid(content, nameof(content));
        var script = new Script { Id = Guid.CreateVersion7(), Content = content };
        script = await database.ExecuteAsync(
            static (connection, state, token) => SaveAsync(state.database, connection, state.script, token),
            (database, script),
            cancellationToken).ConfigureAwait(false);
        _saves.Set();
        return script;
    }

    public Task<Script?> GetAsync(Guid id, CancellationToken cancellationToken = default) =>
        database.QueryAsync(
            static (context, key, token) => context.Scripts.AsNoTracking().FirstOrDefaultAsync(script => script.Id == key, token),
            id,
            cancellationToken).AsTask();

    public Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken = default) =>
        database.ExecuteAsync(
            static async (connection, state, token) =>
            {
                using var command = state.database.CreateCommand(connection, DeleteSql);
                command.Parameters.Add(PgParameter.Uuid(state.id));
                return await command.ExecuteNonQueryAsync(token).ConfigureAwait(false) > 0;
            },
            (database, id),
            cancellationToken).AsTask();

    public async Task<Script?> GetLatestAsync(ScriptFilter? filter = null, CancellationToken cancellationToken = default)
    {
        filter = ScriptFiltering.Checked(filter);
        var (rows, _) = await TakeAsync(filter, after: null, count: 1, mostLooked: null, cancellationToken).ConfigureAwait(false);
        return rows.Count == 0 ? null : rows[0].Row;
    }

    public async Task<Page<Script>> ListAsync(
        ScriptFilter? filter = null, PageRequest? page = null, CancellationToken cancellationToken = default)
    {
        var (after, limit) = KeysetQuery.Read(page, KeysetList.Scripts, IScriptStore.DefaultPageLimit, nameof(page));
        filter = ScriptFiltering.Checked(filter);
        var (rows, stoppedAt) = await TakeAsync(filter, after, limit + 1, MostLooked, cancellationToken).ConfigureAwait(false);
        var found = KeysetQuery.ToPage(rows, limit, KeysetList.Scripts);
        return found.NextCursor is null ? found with { NextCursor = stoppedAt?.ToCursor(KeysetList.Scripts) } : found;
    }

    public async Task<ScriptChanges> GetChangesAsync(
        string? cursor = null, int limit = IScriptStore.DefaultChangesLimit, CancellationToken cancellationToken = default)
    {
        KeysetQuery.ThrowIfOutOfRange(limit, nameof(limit));
        var feed = new ChangeFeed(_feed, cursor, logger);
        var before = feed.Snapshot;
        var look = await feed.LookAsync(cancellationToken).ConfigureAwait(false);
        List<ScriptChange> changes = [];
        if (!feed.IsAtRest || look.Page.Snapshot != feed.Snapshot)
        {
            do
            {
                changes = await feed.ReadAsync(limit, limit, cancellationToken).ConfigureAwait(false);
            }
            while (changes.Count == 0 && !feed.IsAtRest);
        }

        _instruments.CountDelivered(changes.Count);
        var isOlderPass = before is not null && before == feed.Snapshot && before != look.Page.Snapshot; // what was committed since it began is yet to come
        return new ScriptChanges { Items = changes, Cursor = feed.Cursor!, HasMore = !feed.IsAtRest || isOlderPass, Guarantee = feed.Guarantee };
    }

    public IAsyncEnumerable<ScriptChange> WatchAsync(
        string? cursor = null, ScriptWatchOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new ScriptWatchOptions();
        ScriptWatch.ThrowIfInvalid(options, cursor);
        return WatchFromAsync(cursor, options, cancellationToken);
    }

    private async IAsyncEnumerable<ScriptChange> WatchFromAsync(
        string? cursor, ScriptWatchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var feed = new ChangeFeed(_feed, cursor, logger); // each enumeration has its own
        var watch = new ScriptWatch(feed, options, _saves, _instruments, timeProvider, logger);
        await foreach (var change in watch.RunAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return change;
        }
    }

    private static async ValueTask<Script> SaveAsync(
        Database database, NpgsqlConnection connection, Script script, CancellationToken cancellationToken)
    {
        using var save = database.CreateCommand(connection, SaveSql);
        save.Parameters.Add(PgParameter.Uuid(script.Id));
        save.Parameters.Add(PgParameter.Text(script.Content));
        var (isFound, createdAt) = await save.ReadMomentAsync(cancellationToken).ConfigureAwait(false);
        if (!isFound)
        {
            using var saved = database.CreateCommand(connection, SavedSql);
            saved.Parameters.Add(PgParameter.Uuid(script.Id));
            (isFound, createdAt) = await saved.ReadMomentAsync(cancellationToken).ConfigureAwait(false);
        }

        script.CreatedAt = isFound
            ? createdAt
            : throw new InvalidOperationException("The script was refused by a unique index that is not the schema's. Drop the index, or save other content.");
        return script;
    }

    /// <summary>
    /// Reads rows that match; and where it stopped looking, if that was not for want of rows or because there are enough.
    /// </summary>
    private async Task<(List<KeysetRow<Script>> Rows, KeysetPosition? StoppedAt)> TakeAsync(
        ScriptFilter filter, KeysetPosition? after, int count, int? mostLooked, CancellationToken cancellationToken)
    {
        var json = JsonCondition.Of(filter);
        if (json is null)
        {
            return (await ReadAsync(filter, after, count, cancellationToken).ConfigureAwait(false), null);
        }

        var rows = new List<KeysetRow<Script>>();
        for (var looked = 0; ; looked += JsonBlockSize)
        {
            if (looked >= mostLooked)
            {
                return (rows, after);
            }

            var block = await ReadAsync(filter, after, JsonBlockSize, cancellationToken).ConfigureAwait(false);
            rows.AddRange(block.Where(placed => json.Matches(placed.Row.Content)).Take(count - rows.Count));
            if (block.Count < JsonBlockSize || rows.Count >= count)
            {
                return (rows, null);
            }

            after = block[^1].Position;
        }
    }

    private async Task<List<KeysetRow<Script>>> ReadAsync(
        ScriptFilter filter, KeysetPosition? after, int count, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            static (context, state, token) =>
                KeysetQuery.TakeAsync(ScriptFiltering.Apply(context.Scripts.AsNoTracking(), state.filter), state.after, state.count, token),
            (filter, after, count),
            cancellationToken).ConfigureAwait(false);
}

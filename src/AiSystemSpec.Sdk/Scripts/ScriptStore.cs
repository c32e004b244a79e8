using System.Runtime.CompilerServices;
using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Paging;
using AiSystemSpec.Sdk.Scripts.Changes;
using AiSystemSpec.Sdk.Scripts.Search;
using AiSystemSpec.Sdk.Specification;
using AiSystemSpec.Sdk.Text;
using AiSystemSpec.Sdk.Transfer;
using AiSystemSpec.Sdk.Transfer.Importing;
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

    public async Task<SaveScriptResult> SaveIfChangedAsync(
        string content, ScriptFilter? among = null, CancellationToken cancellationToken = default)
    {
        StoredText.ThrowIfBlankOrInvalid(content, nameof(content));
        var condition = ScriptCondition.Of(among, nameof(among));
        var result = await ConditionalSave.SaveAsync(database, content, condition, cancellationToken).ConfigureAwait(false);
        if (result.Saved)
        {
            _saves.Set();
        }

        return result;
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

    public Task<Script?> GetLatestAsync(ScriptFilter? filter = null, CancellationToken cancellationToken = default)
    {
        var condition = ScriptCondition.Of(filter, nameof(filter));
        return ScriptSearch.FindNewestAsync(after => ScriptSearch.TakeAsync(database, condition, after, count: 1, cancellationToken));
    }

    public async Task<Page<Script>> ListAsync(
        ScriptFilter? filter = null, PageRequest? page = null, CancellationToken cancellationToken = default)
    {
        var (after, limit) = KeysetQuery.Read(page, KeysetList.Scripts, IScriptStore.DefaultPageLimit, nameof(page));
        var condition = ScriptCondition.Of(filter, nameof(filter));
        var (rows, stoppedAt) = await ScriptSearch.TakeAsync(database, condition, after, limit + 1, cancellationToken).ConfigureAwait(false);
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

    public Task<long> ExportAsync(
        Stream jsonLines, ScriptFilter? filter = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(jsonLines);
        return ScriptExport.Create(database, ScriptCondition.Of(filter, nameof(filter)), progress).RunAsync(jsonLines, cancellationToken);
    }

    public Task<ImportResult> ImportAsync(
        Stream rows, ImportFormat? format = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new RowImport(database, TransferTable.OfScripts, progress).RunAsync(rows, format, cancellationToken);
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
            (isFound, createdAt) = await SavedScript.FindAsync(database, connection, script.Id, cancellationToken).ConfigureAwait(false);
        }

        script.CreatedAt = isFound ? createdAt : throw SavedScript.Refused();
        return script;
    }
}

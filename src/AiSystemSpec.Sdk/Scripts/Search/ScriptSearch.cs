using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Paging;
using AiSystemSpec.Sdk.Wire;
using Npgsql;

namespace AiSystemSpec.Sdk.Scripts.Search;

/// <summary>
/// Reads scripts that fulfil a condition, newest first, behind a place. For a condition on contents there is no index: a search looks at a
/// stretch of rows that is bounded, and says where it ended.
/// </summary>
internal sealed class ScriptSearch(Database database, NpgsqlConnection connection, ScriptCondition condition)
{
    /// <summary>How many rows one search looks at.</summary>
    public const int MostLooked = 20_000;

    // So many contents are in memory beside those that were found.
    private const int BlockSize = 200;

    private readonly List<KeysetRow<Script>> _found = [];
    private int _serverVersion = connection.PostgreSqlVersion.Major;

    /// <summary>Searches for up to so many scripts.</summary>
    /// <returns>
    /// The scripts; and the place where it stopped looking, if that was not for want of rows or because there are enough.
    /// </returns>
    public static async Task<(List<KeysetRow<Script>> Rows, KeysetPosition? StoppedAt)> TakeAsync(
        Database database, ScriptCondition condition, KeysetPosition? after, int count, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
            static async (connection, state, token) =>
                await new ScriptSearch(state.database, connection, state.condition).TakeAsync(state.after, state.count, token).ConfigureAwait(false),
            (database, condition, after, count),
            cancellationToken).ConfigureAwait(false);

    /// <summary>Searches for the newest, however many rows are looked at.</summary>
    public static async Task<Script?> FindNewestAsync(Func<KeysetPosition?, Task<(List<KeysetRow<Script>> Rows, KeysetPosition? StoppedAt)>> takeOne)
    {
        KeysetPosition? after = null;
        do
        {
            var (rows, stoppedAt) = await takeOne(after).ConfigureAwait(false);
            if (rows.Count > 0)
            {
                return rows[0].Row;
            }

            after = stoppedAt;
        }
        while (after is not null);

        return null;
    }

    public async Task<(List<KeysetRow<Script>> Rows, KeysetPosition? StoppedAt)> TakeAsync(
        KeysetPosition? after, int count, CancellationToken cancellationToken)
    {
        var left = MostLooked;
        foreach (var isDated in (bool[])[true, false])
        {
            if ((after is { Moment: null } && isDated) || (!isDated && condition.Filter is not { From: null, To: null }))
            {
                continue; // they are behind; or there is none without a moment in a stretch of time
            }

            var from = (after?.Moment is not null) == isDated ? after : null;
            var (end, looked) = condition.IsOfContent ? await FindEndAsync(isDated, from, left, cancellationToken).ConfigureAwait(false) : (null, 0);
            await ReadAsync(isDated, from, end, count, cancellationToken).ConfigureAwait(false);
            left -= looked;
            if (_found.Count >= count || left <= 0)
            {
                return (_found, _found.Count >= count ? null : end);
            }
        }

        return (_found, null);
    }

    private async Task<(KeysetPosition? End, int Looked)> FindEndAsync(bool isDated, KeysetPosition? after, int most, CancellationToken cancellationToken)
    {
        var sql = new SearchSql(condition, isDated, _serverVersion);
        using var command = CreateCommand(sql, sql.End(after, most));
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            return await reader.ReadAsync(cancellationToken).ConfigureAwait(false)
                ? (new KeysetPosition(MomentOf(reader, 1), reader.GetGuid(0)), (int)reader.GetInt64(2))
                : (null, 0);
        }
    }

    private async Task ReadAsync(bool isDated, KeysetPosition? after, KeysetPosition? end, int count, CancellationToken cancellationToken)
    {
        if (condition.IsOfContent && end is null)
        {
            return; // nothing to look at
        }

        for (var isMore = true; isMore && _found.Count < count;)
        {
            var limit = condition.Json is null ? count - _found.Count : BlockSize;
            var rows = await ReadBlockAsync(isDated, after, end, limit, cancellationToken).ConfigureAwait(false);
            _found.AddRange(rows.Where(placed => condition.Json?.Matches(placed.Row.Content) ?? true).Take(count - _found.Count));
            isMore = rows.Count == limit;
            after = rows.Count == 0 ? after : rows[^1].Position;
        }
    }

    private async Task<List<KeysetRow<Script>>> ReadBlockAsync(
        bool isDated, KeysetPosition? after, KeysetPosition? end, int limit, CancellationToken cancellationToken)
    {
        var sql = new SearchSql(condition, isDated, _serverVersion);
        try
        {
            return await ReadAsync(sql, sql.Rows(after, end, limit), cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (_serverVersion > 0 && condition.Json is not null && exception.SqlState.AsSpan(0, 2) is "22" or "54")
        {
            _serverVersion = 0; // a content that its JSON functions cannot read (too deep, for one): the caller decides, as for an old server
            return await ReadBlockAsync(isDated, after, end, limit, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<List<KeysetRow<Script>>> ReadAsync(SearchSql sql, string text, CancellationToken cancellationToken)
    {
        var rows = new List<KeysetRow<Script>>();
        using var command = CreateCommand(sql, text);
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                var script = new Script { Id = reader.GetGuid(0), Content = reader.GetTextOrNull(1), CreatedAt = reader.GetMomentOrNull(2) };
                rows.Add(new KeysetRow<Script> { Row = script, Moment = MomentOf(reader, 2) });
            }
        }

        return rows;
    }

    private NpgsqlCommand CreateCommand(SearchSql sql, string text)
    {
        var command = database.CreateCommand(connection, text);
        command.Parameters.AddRange(sql.Parameters);
        return command;
    }

    private static long? MomentOf(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<long>(column);
}

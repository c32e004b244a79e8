using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Paging;
using AiSystemSpec.Sdk.Wire;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AiSystemSpec.Sdk.Scripts.Changes;

/// <summary>Reads for a feed: the state of the server, keys of scripts, and the scripts themselves.</summary>
internal sealed class FeedReader(Database database)
{
    /// <summary>How many keys are read at once for somebody who wants all: about 2 MB.</summary>
    public const int MostKeys = 10_000;

    private const int FirstOfKey = 6;
    private const int MostBytesOfSeen = 1 << 21; // 16 million transactions

    public async Task<FeedLook> LookAsync(CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
            static async (connection, database, token) =>
            {
                using var command = database.CreateCommand(connection, FeedSql.Look);
                var reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
                await using (reader.ConfigureAwait(false))
                {
                    return await reader.ReadAsync(token).ConfigureAwait(false)
                        ? new FeedLook
                        {
                            Page = ReadSnapshot(reader),
                            IsHeap = reader.GetBoolean(FirstOfKey),
                            IsLocal = reader.GetBoolean(FirstOfKey + 1),
                            IsIndexed = reader.GetBoolean(FirstOfKey + 2),
                        }
                        : throw new InvalidOperationException("The table of scripts has no column created_at. Look at the schema with aispec verify.");
                }
            },
            database,
            cancellationToken).ConfigureAwait(false);

    /// <summary>Keys by transaction, behind a place, of transactions that were not seen.</summary>
    public Task<KeyPage> ReadFollowingAsync(XidPosition after, XidSet seen, int count, CancellationToken cancellationToken) =>
        ReadAsync(FeedSql.Following, () => Unseen(after, seen, count), count, cancellationToken);

    /// <summary>The same of the last half minute by <c>created_at</c>, but for some ids.</summary>
    public Task<KeyPage> ReadRecentAsync(XidPosition after, XidSet seen, Guid[] known, int count, CancellationToken cancellationToken) =>
        ReadAsync(FeedSql.Recent, () => [.. Unseen(after, seen, count), PgParameter.Uuids(known)], count, cancellationToken);

    /// <summary>Keys of the scripts that transactions before a given one wrote, oldest first.</summary>
    public Task<KeyPage> ReadBeginningAsync(long xmin, KeysetPosition? after, bool isLocal, int count, CancellationToken cancellationToken) =>
        ReadInTwoStepsAsync(
            after,
            count,
            (from, left) => ReadAsync(
                FeedSql.BeginningUndated, () => [.. ByTime(from, left), PgParameter.Bigint(xmin)], left, cancellationToken),
            (from, left) => ReadAsync(
                FeedSql.BeginningDated, () => [.. ByTime(from, left), PgParameter.Bigint(xmin), Moment(from, isLocal)], left, cancellationToken));

    /// <summary>Keys by <c>created_at</c>, oldest first, whoever wrote them.</summary>
    public async Task<KeyPage> ReadByTimeAsync(KeysetPosition? after, bool isLocal, int count, CancellationToken cancellationToken)
    {
        var look = await LookAsync(cancellationToken).ConfigureAwait(false); // before the keys: what is committed later is looked for from here
        return await ReadInTwoStepsAsync(
            after,
            count,
            (from, left) => ReadByTimeAsync(look.Page, FeedSql.ByTimeUndated, () => ByTime(from, left), left, cancellationToken),
            (from, left) => ReadByTimeAsync(look.Page, FeedSql.ByTimeDated, () => [.. ByTime(from, left), Moment(from, isLocal)], left, cancellationToken))
            .ConfigureAwait(false);
    }

    /// <summary>Reads scripts as they are now, in the order of their keys; those that are gone are left out.</summary>
    public async Task<IReadOnlyDictionary<Guid, Script>> ReadScriptsAsync(Guid[] ids, CancellationToken cancellationToken)
    {
        var scripts = await database.QueryAsync(
            static (context, ids, token) => context.Scripts.AsNoTracking().Where(script => ids.Contains(script.Id)).ToListAsync(token),
            ids,
            cancellationToken).ConfigureAwait(false);
        return scripts.DistinctBy(script => script.Id).ToDictionary(script => script.Id); // a table found without a primary key may have an id twice
    }

    /// <summary>Reads those without a moment, and then those with one: one condition over both could not use the index.</summary>
    private static async Task<KeyPage> ReadInTwoStepsAsync(
        KeysetPosition? after, int count, Func<KeysetPosition?, int, Task<KeyPage>> undated, Func<KeysetPosition?, int, Task<KeyPage>> dated)
    {
        if (after is { Moment: not null })
        {
            return await dated(after, count).ConfigureAwait(false);
        }

        var first = await undated(after, count).ConfigureAwait(false);
        if (!first.IsLast)
        {
            return first;
        }

        var second = await dated(null, count - first.Keys.Count).ConfigureAwait(false);
        return first with { Keys = [.. first.Keys, .. second.Keys], IsLast = second.IsLast };
    }

    private static NpgsqlParameter[] Unseen(XidPosition after, XidSet seen, int count)
    {
        var (first, bits) = seen.ToBits(MostBytesOfSeen);
        return [PgParameter.Bigint(after.Xid), PgParameter.Uuid(after.Id), PgParameter.Bigint(first), PgParameter.Bytes(bits), PgParameter.Integer(count + 1)];
    }

    private static NpgsqlParameter[] ByTime(KeysetPosition? after, int count) =>
        [PgParameter.Uuid(after?.Id ?? Guid.Empty), PgParameter.Boolean(after is null), PgParameter.Integer(count + 1)];

    private static NpgsqlParameter Moment(KeysetPosition? after, bool isLocal)
    {
        var moment = after?.Moment ?? long.MinValue;
        return isLocal ? PgParameter.LocalMoment(moment) : PgParameter.Moment(moment);
    }

    /// <summary>Reads a snapshot and its keys: one more than asked for, if there is one more.</summary>
    private async Task<KeyPage> ReadAsync(string sql, Func<NpgsqlParameter[]> parameters, int count, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
            static async (connection, state, token) =>
            {
                using var batch = LongRead.CreateBatch(connection, more: null, out var command);
                command.CommandText = state.sql;
                command.Parameters.AddRange(state.parameters());

                var reader = await batch.ExecuteReaderAsync(token).ConfigureAwait(false);
                await using (reader.ConfigureAwait(false))
                {
                    _ = await reader.NextResultAsync(token).ConfigureAwait(false);
                    return await ReadPageAsync(reader, state.count, token).ConfigureAwait(false);
                }
            },
            (sql, parameters, count),
            cancellationToken).ConfigureAwait(false);

    private static async Task<KeyPage> ReadPageAsync(NpgsqlDataReader reader, int count, CancellationToken cancellationToken)
    {
        var keys = new List<ScriptKey>();
        KeyPage? page = null;
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (reader.IsDBNull(0))
            {
                keys.Add(ReadKey(reader, FirstOfKey));
            }
            else
            {
                page = ReadSnapshot(reader);
            }
        }

        return PageOf(page!, keys, count);
    }

    private static KeyPage ReadSnapshot(NpgsqlDataReader reader) => new()
    {
        Origin = new FeedOrigin(reader.GetString(0), FeedOrigin.Digest(reader.GetString(1))),
        Xmin = reader.GetInt64(2),
        Xmax = reader.GetInt64(3),
        Snapshot = FeedOrigin.Digest(reader.GetString(4)),
        Now = reader.GetFieldValue<long>(5),
        Keys = [],
        IsLast = true,
    };

    private static ScriptKey ReadKey(NpgsqlDataReader reader, int first) => new(
        reader.GetGuid(first),
        reader.GetInt64(first + 1),
        reader.IsDBNull(first + 2) ? null : reader.GetFieldValue<long>(first + 2),
        reader.IsDBNull(first + 3) ? 0 : reader.GetInt32(first + 3));

    private async Task<KeyPage> ReadByTimeAsync(
        KeyPage snapshot, string sql, Func<NpgsqlParameter[]> parameters, int count, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
            static async (connection, state, token) =>
            {
                using var command = state.database.CreateCommand(connection, state.sql);
                command.Parameters.AddRange(state.parameters());
                var keys = new List<ScriptKey>();
                var reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
                await using (reader.ConfigureAwait(false))
                {
                    while (await reader.ReadAsync(token).ConfigureAwait(false))
                    {
                        keys.Add(ReadKey(reader, first: 0));
                    }
                }

                return PageOf(state.snapshot, keys, state.count);
            },
            (database, snapshot, sql, parameters, count),
            cancellationToken).ConfigureAwait(false);

    private static KeyPage PageOf(KeyPage snapshot, List<ScriptKey> keys, int count) =>
        keys.Count <= count ? snapshot with { Keys = keys } : snapshot with { Keys = keys[..count], IsLast = false };
}

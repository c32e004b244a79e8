using System.Runtime.CompilerServices;
using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Persistence.Mapping;
using AiSystemSpec.Sdk.Rows;
using Microsoft.EntityFrameworkCore;

namespace AiSystemSpec.Sdk.Paging;

/// <summary>Reads newest first (<c>created_at DESC NULLS LAST, id DESC</c>) behind a position, without offset.</summary>
/// <remarks>
/// In two steps, rows with a moment and rows without: LINQ has no NULLS LAST, and one condition over both could not use an index on
/// <c>(created_at, id)</c>. The second step runs only where the first did not fill the page.
/// </remarks>
internal static class KeysetQuery
{
    private const int EnumerationPageSize = 100;

    /// <summary>Reads what a caller asks for: behind which position, and how many rows.</summary>
    /// <exception cref="ArgumentException">The cursor is not one that this list handed out, or the limit is out of range.</exception>
    public static (KeysetPosition? After, int Limit) Read(PageRequest? page, KeysetList list, int defaultLimit, string argumentName)
    {
        var limit = page?.Limit ?? defaultLimit;
        ThrowIfOutOfRange(limit, argumentName);
        return (KeysetPosition.FromCursor(page?.Cursor, list, argumentName), limit);
    }

    public static void ThrowIfOutOfRange(int limit, string argumentName)
    {
        if (limit is < 1 or > PageRequest.MaxLimit)
        {
            throw new ArgumentOutOfRangeException(argumentName, limit, $"The limit must be 1 to {PageRequest.MaxLimit} rows.");
        }
    }

    /// <summary>Reads up to <paramref name="count"/> rows.</summary>
    public static async Task<List<KeysetRow<T>>> TakeAsync<T>(
        IQueryable<T> source, KeysetPosition? after, int count, CancellationToken cancellationToken)
        where T : class, IKeysetRow
    {
        var rows = after is { Moment: null }
            ? []
            : await Placed(Dated(source, after).Take(count)).ToListAsync(cancellationToken).ConfigureAwait(false);
        if (rows.Count < count)
        {
            var undated = Placed(Undated(source, after).Take(count - rows.Count));
            rows.AddRange(await undated.ToListAsync(cancellationToken).ConfigureAwait(false));
        }

        return rows;
    }

    /// <summary>Reads the places of up to <paramref name="count"/> rows, oldest first: those without a moment before all others.</summary>
    public static async Task<List<KeysetPosition>> TakeOldestAsync<T>(
        IQueryable<T> source, KeysetPosition? after, int count, CancellationToken cancellationToken)
        where T : class, IKeysetRow
    {
        var undated = source.Where(row => row.CreatedAt == null);
        if (after is { Moment: null, Id: var undatedId })
        {
            undated = undated.Where(row => row.Id > undatedId);
        }

        var places = after is { Moment: not null }
            ? []
            : await PlacesAsync(undated.OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).Take(count), cancellationToken).ConfigureAwait(false);
        if (places.Count < count)
        {
            var dated = source.Where(row => row.CreatedAt != null);
            if (after is { Moment: { } moment, Id: var id })
            {
                dated = dated.Where(row => EF.Functions.GreaterThan(ValueTuple.Create(ServerMoment.Of(row.CreatedAt), row.Id), ValueTuple.Create(moment, id)));
            }

            dated = dated.OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).Take(count - places.Count);
            places.AddRange(await PlacesAsync(dated, cancellationToken).ConfigureAwait(false));
        }

        return places;
    }

    /// <summary>Makes a page of rows of which one more than the limit was read, where there was one more.</summary>
    public static Page<T> ToPage<T>(List<KeysetRow<T>> rows, int limit, KeysetList list)
        where T : class, IKeysetRow
    {
        var hasMore = rows.Count > limit;
        var items = rows.Take(limit).Select(placed => placed.Row).ToList();
        return new Page<T> { Items = items, NextCursor = hasMore ? rows[limit - 1].Position.ToCursor(list) : null };
    }

    /// <summary>Lists everything, page by page; no connection is held while the caller's loop body runs.</summary>
    public static async IAsyncEnumerable<T> EnumerateAsync<T>(
        Database database, Func<AiSystemSpecDbContext, IQueryable<T>> source, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class, IKeysetRow
    {
        KeysetPosition? after = null;
        while (true)
        {
            var rows = await database.QueryAsync(
                static (context, state, token) => TakeAsync(state.source(context), state.after, EnumerationPageSize, token),
                (source, after),
                cancellationToken).ConfigureAwait(false);
            foreach (var placed in rows)
            {
                yield return placed.Row;
            }

            if (rows.Count < EnumerationPageSize)
            {
                yield break;
            }

            after = rows[^1].Position;
        }
    }

    private static async Task<List<KeysetPosition>> PlacesAsync<T>(IQueryable<T> rows, CancellationToken cancellationToken)
        where T : class, IKeysetRow
    {
        var places = await rows.Select(row => new { row.Id, Moment = ServerMoment.Of(row.CreatedAt) }).ToListAsync(cancellationToken).ConfigureAwait(false);
        return places.ConvertAll(place => new KeysetPosition(place.Moment, place.Id));
    }

    private static IQueryable<KeysetRow<T>> Placed<T>(IQueryable<T> rows)
        where T : class, IKeysetRow =>
        rows.Select(row => new KeysetRow<T> { Row = row, Moment = ServerMoment.Of(row.CreatedAt) });

    private static IQueryable<T> Dated<T>(IQueryable<T> source, KeysetPosition? after)
        where T : class, IKeysetRow
    {
        var rows = source.Where(row => row.CreatedAt != null);
        if (after is { Moment: { } moment, Id: var id })
        {
            rows = rows.Where(row => EF.Functions.LessThan(ValueTuple.Create(ServerMoment.Of(row.CreatedAt), row.Id), ValueTuple.Create(moment, id)));
        }

        return rows.OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id);
    }

    private static IQueryable<T> Undated<T>(IQueryable<T> source, KeysetPosition? after)
        where T : class, IKeysetRow
    {
        var rows = source.Where(row => row.CreatedAt == null);
        if (after is { Moment: null, Id: var id })
        {
            rows = rows.Where(row => row.Id < id);
        }

        // By the moment, too, though it is null in all: only so does the planner see the order of an index on (created_at, id).
        return rows.OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id);
    }
}

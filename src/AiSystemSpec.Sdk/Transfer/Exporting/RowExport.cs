using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Paging;
using AiSystemSpec.Sdk.Rows;
using AiSystemSpec.Sdk.Wire;
using Npgsql;

namespace AiSystemSpec.Sdk.Transfer.Exporting;

/// <summary>
/// Writes rows as lines of JSON, oldest first. Places are read first, and then the rows of some of them, as many as fit into memory: while
/// the caller's stream takes them, no connection is held. The server writes what is not text: no year, number or depth is lost.
/// </summary>
internal sealed class RowExport<T>(Database database, TransferTable table, IProgress<TransferProgress>? progress)
    where T : class, IKeysetRow
{
    private const int MostRows = 1_000;
    private const long MostBytes = 1L << 20;

    private readonly Queue<Guid> _ids = new();
    private KeysetPosition? _after;
    private bool _isLast;
    private int _rowsAtOnce = MostRows;

    /// <summary>Gets what rows are exported.</summary>
    public required Func<AiSystemSpecDbContext, CancellationToken, Task<IQueryable<T>>> Source { get; init; }

    /// <summary>Gets what more they must fulfil, of some ids.</summary>
    public Func<Guid[], LineFilter>? Filter { get; init; }

    public async Task<long> RunAsync(Stream lines, CancellationToken cancellationToken)
    {
        var (rows, bytes) = (0L, 0L);
        var block = await ReadNextAsync(cancellationToken).ConfigureAwait(false);
        while (block is not null)
        {
            var next = ReadNextAsync(cancellationToken); // while the stream takes this one
            try
            {
                await lines.WriteAsync(block.Lines, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            (rows, bytes) = (rows + block.Count, bytes + block.Lines.Length);
            progress?.Report(new TransferProgress { Rows = rows, Bytes = bytes });
            block = await next.ConfigureAwait(false);
        }

        await lines.FlushAsync(cancellationToken).ConfigureAwait(false);
        return rows;
    }

    /// <summary>Reads the next lines, as many as fit into memory.</summary>
    /// <returns>Null behind the last row.</returns>
    private async Task<LineBlock?> ReadNextAsync(CancellationToken cancellationToken)
    {
        if (_ids.Count == 0 && !_isLast)
        {
            await ReadPlacesAsync(cancellationToken).ConfigureAwait(false);
        }

        if (_ids.Count == 0)
        {
            return null;
        }

        Guid[] ids = [.. _ids.Take(_rowsAtOnce)];
        var block = await database.ExecuteAsync(
            static (connection, state, token) => state.Item1.ReadAsync(connection, state.ids, token), (this, ids), cancellationToken).ConfigureAwait(false);
        for (var read = 0; read < block.Read; read++)
        {
            _ = _ids.Dequeue();
        }

        _rowsAtOnce = block.Read < ids.Length ? Math.Max(1, block.Read) : Math.Min(MostRows, _rowsAtOnce * 2);
        return block;
    }

    private async Task ReadPlacesAsync(CancellationToken cancellationToken)
    {
        var places = await database.QueryAsync(
            static async (context, state, token) =>
            {
                var source = await state.Source(context, token).ConfigureAwait(false);
                return await KeysetQuery.TakeOldestAsync(source, state._after, MostRows, token).ConfigureAwait(false);
            },
            (Source, _after),
            cancellationToken).ConfigureAwait(false);
        places.ForEach(place => _ids.Enqueue(place.Id));
        _after = places.Count > 0 ? places[^1] : _after;
        _isLast = places.Count < MostRows;
    }

    private async ValueTask<LineBlock> ReadAsync(NpgsqlConnection connection, Guid[] ids, CancellationToken cancellationToken)
    {
        var filter = Filter?.Invoke(ids) ?? new LineFilter([], [PgParameter.Uuids(ids)], null);
        using var batch = LongRead.CreateBatch(connection, more: null, out var command);
        command.CommandText = ExportSql.Rows(table, filter.Conditions);
        command.Parameters.AddRange(filter.Parameters.ToArray());
        using var lines = new LineWriter(table);
        var count = 0;
        var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            _ = await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                if (filter.Accepts?.Invoke(reader) ?? true)
                {
                    lines.Write(reader);
                    count++;
                }

                if (lines.Length >= MostBytes)
                {
                    return new LineBlock(lines.Lines, (int)reader.GetInt64(0), count);
                }
            }
        }

        return new LineBlock(lines.Lines, ids.Length, count);
    }
}

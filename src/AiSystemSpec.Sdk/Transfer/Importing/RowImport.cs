using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Transfer.Reading;
using Npgsql;

namespace AiSystemSpec.Sdk.Transfer.Importing;

/// <summary>
/// Imports one file. A batch that the server answers with an error is divided until it is known which row is at fault; that one is counted,
/// with its line, and the rest goes in. What every row would meet (a missing right or table, a full disk, an absent server) ends the import.
/// </summary>
internal sealed class RowImport(Database database, TransferTable table, IProgress<TransferProgress>? progress)
{
    private const int MostRows = 1_000;
    private const long MostSize = 1L << 20;
    private const int MostMessage = 500;

    private readonly ImportBatch _batch = new(database, table);
    private readonly List<(Guid Id, FileRecord Record)> _waiting = [];
    private readonly List<ImportError> _errors = [];
    private long _size;
    private long _imported;
    private long _existing;
    private long _failed;

    public async Task<ImportResult> RunAsync(Stream file, ImportFormat? format, CancellationToken cancellationToken)
    {
        var bytes = new FileBytes(file);
        await bytes.PassMarkAsync(cancellationToken).ConfigureAwait(false);
        var reader = await OpenAsync(bytes, format, cancellationToken).ConfigureAwait(false);
        await foreach (var record in reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            Take(record);
            if (_waiting.Count >= MostRows || _size >= MostSize)
            {
                await WriteWaitingAsync(bytes.Passed, cancellationToken).ConfigureAwait(false);
            }
        }

        await WriteWaitingAsync(bytes.Passed, cancellationToken).ConfigureAwait(false);
        return new ImportResult { Imported = _imported, Existing = _existing, Failed = _failed, Errors = _errors };
    }

    private async ValueTask<IRecordReader> OpenAsync(FileBytes bytes, ImportFormat? format, CancellationToken cancellationToken)
    {
        format ??= await bytes.PeekAsync(cancellationToken).ConfigureAwait(false) switch
        {
            null or (byte)'{' => ImportFormat.JsonLines,
            (byte)'[' => ImportFormat.Json,
            _ => ImportFormat.Csv,
        };
        return format switch
        {
            ImportFormat.JsonLines => new JsonLinesReader(table, bytes),
            ImportFormat.Json => new JsonArrayReader(table, bytes),
            _ => new CsvReader(table, bytes),
        };
    }

    private void Take(FileRecord record)
    {
        if (record.Error is not null)
        {
            Fail(record.Line, record.Error);
        }
        else if (!Guid.TryParse(record.Values![0], out var id))
        {
            Fail(record.Line, record.Values[0] is null ? "It has no id." : "Its id is not a UUID.");
        }
        else if (record.Values.Any(value => value?.Contains('\0', StringComparison.Ordinal) == true))
        {
            Fail(record.Line, "A text has the sign U+0000, which PostgreSQL does not store.");
        }
        else
        {
            _waiting.Add((id, record));
            _size += record.Size;
        }
    }

    private async Task WriteWaitingAsync(long bytes, CancellationToken cancellationToken)
    {
        if (_waiting.Count > 0)
        {
            await WriteAsync(_waiting.ToArray(), cancellationToken).ConfigureAwait(false);
        }

        _waiting.Clear();
        _size = 0;
        progress?.Report(new TransferProgress { Rows = _imported + _existing + _failed, Bytes = bytes });
    }

    private async Task WriteAsync(ArraySegment<(Guid Id, FileRecord Record)> rows, CancellationToken cancellationToken)
    {
        try
        {
            Count(rows, await _batch.WriteAsync(rows, cancellationToken).ConfigureAwait(false));
        }
        catch (PostgresException exception) when (MayBeOfRow(exception) && !cancellationToken.IsCancellationRequested)
        {
            if (rows.Count > 1)
            {
                await WriteAsync(rows[..(rows.Count / 2)], cancellationToken).ConfigureAwait(false);
                await WriteAsync(rows[(rows.Count / 2)..], cancellationToken).ConfigureAwait(false);
                return;
            }

            if (exception.SqlState is PostgresErrorCodes.QueryCanceled)
            {
                throw; // a time limit that one row alone exceeds
            }

            // A missing right and a policy that refuses one row have the same code: writing no row at all tells them apart.
            _ = await _batch.WriteAsync([], cancellationToken).ConfigureAwait(false);
            Fail(rows[0].Record.Line, $"{exception.SqlState}: {exception.MessageText}");
        }
    }

    private void Count(ArraySegment<(Guid Id, FileRecord Record)> rows, RowFate[] fates)
    {
        for (var at = 0; at < rows.Count; at++)
        {
            switch (fates[at])
            {
                case RowFate.Imported:
                    _imported++;
                    break;
                case RowFate.Existing:
                    _existing++;
                    break;
                case RowFate.Different:
                    Fail(rows[at].Record.Line, $"The table has the id {rows[at].Id} with other content.");
                    break;
                default:
                    Fail(rows[at].Record.Line, "It did not go in, and its id is not there: another unique index of the table, or a trigger, keeps it out.");
                    break;
            }
        }
    }

    private void Fail(long line, string message)
    {
        _failed++;
        if (_errors.Count < ImportResult.MostErrors)
        {
            _errors.Add(new ImportError { Line = line, Message = message.Length <= MostMessage ? message : $"{message.AsSpan(0, MostMessage)}…" });
        }
    }

    // Connections, states of transactions, access, resources, locks, an operator, the system: nothing that a row could be at fault for.
    private static bool MayBeOfRow(PostgresException exception) =>
        exception.SqlState.AsSpan(0, 2) is not ("08" or "25" or "28" or "40" or "53" or "55" or "58" or "XX")
        && (exception.SqlState is PostgresErrorCodes.QueryCanceled || !exception.SqlState.StartsWith("57", StringComparison.Ordinal));
}

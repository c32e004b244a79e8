using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Runs.Formatting;
using Npgsql;
using NpgsqlTypes;

namespace AiSystemSpec.Sdk.Runs.Writing;

/// <summary>Rows by COPY, the fastest way in. Used by one writer at a time.</summary>
internal sealed class RunCopy(Database database)
{
    private const byte JsonbVersion = 1;

    private byte[] _json = new byte[1_024];

    public async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<StoredRow> rows, CancellationToken cancellationToken)
    {
        var import = await connection.BeginBinaryImportAsync(RunSql.Copy, cancellationToken).ConfigureAwait(false);
        await using (import.ConfigureAwait(false))
        {
            if (database.CommandTimeout is { } seconds)
            {
                import.Timeout = TimeSpan.FromSeconds(seconds);
            }

            foreach (var row in rows)
            {
                await WriteAsync(import, row, cancellationToken).ConfigureAwait(false);
            }

            _ = await import.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask WriteAsync(NpgsqlBinaryImporter import, StoredRow row, CancellationToken cancellationToken)
    {
        await import.StartRowAsync(cancellationToken).ConfigureAwait(false);
        await import.WriteAsync(row.Id, NpgsqlDbType.Uuid, cancellationToken).ConfigureAwait(false);
        await import.WriteAsync(row.RunId, NpgsqlDbType.Text, cancellationToken).ConfigureAwait(false);
        await import.WriteAsync(row.Stage, NpgsqlDbType.Text, cancellationToken).ConfigureAwait(false);
        await import.WriteAsync(row.Status, NpgsqlDbType.Text, cancellationToken).ConfigureAwait(false);
        await import.WriteAsync(row.Attempts, NpgsqlDbType.Integer, cancellationToken).ConfigureAwait(false);
        await WriteJsonAsync(import, row.InputRefs, cancellationToken).ConfigureAwait(false);
        await WriteJsonAsync(import, row.OutputRefs, cancellationToken).ConfigureAwait(false);
        await (row.ErrorSummary is { } summary
            ? import.WriteAsync(summary, NpgsqlDbType.Text, cancellationToken)
            : import.WriteNullAsync(cancellationToken)).ConfigureAwait(false);
        await WriteJsonAsync(import, row.Metrics, cancellationToken).ConfigureAwait(false);
        await import.WriteAsync(row.WireMoment!.Value, NpgsqlDbType.TimestampTz, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Writes jsonb as it goes over the wire: COPY asks for the bytes only, and a data source may lack JSON, or map it otherwise.
    /// </summary>
    private Task WriteJsonAsync(NpgsqlBinaryImporter import, byte[]? json, CancellationToken cancellationToken)
    {
        if (json is null)
        {
            return import.WriteNullAsync(cancellationToken);
        }

        if (_json.Length <= json.Length)
        {
            _json = new byte[2 * json.Length];
        }

        _json[0] = JsonbVersion;
        json.CopyTo(_json, 1);
        return import.WriteAsync(new ReadOnlyMemory<byte>(_json, 0, json.Length + 1), NpgsqlDbType.Bytea, cancellationToken);
    }
}

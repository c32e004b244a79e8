using System.Text;
using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Runs.Formatting;
using AiSystemSpec.Sdk.Wire;
using Npgsql;

namespace AiSystemSpec.Sdk.Runs.Writing;

/// <summary>A row as the table's triggers make it.</summary>
internal static class TrialRow
{
    /// <summary>Inserts the row under an id of its own, in a transaction that the caller rolls back.</summary>
    /// <returns>What the table made of it, under the row's id; null where it was not inserted.</returns>
    public static async Task<StoredRow?> MakeAsync(
        Database database, NpgsqlConnection connection, StoredRow row, CancellationToken cancellationToken)
    {
        using var insert = database.CreateCommand(connection, row.CreatedAt is null ? RunSql.InsertTrial : RunSql.InsertTrialAt);
        RowParameters.AddRow(insert.Parameters, row);
        insert.Parameters[0] = PgParameter.Uuid(Guid.NewGuid());
        var reader = await insert.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            return await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? Read(reader, row) : null;
        }
    }

    private static StoredRow Read(NpgsqlDataReader reader, StoredRow row)
    {
        var createdAt = reader.GetMomentOrNull(8)?.UtcDateTime;
        return new StoredRow
        {
            Id = row.Id,
            RunId = reader.GetTextOrNull(0)!, // a trigger may empty any of them, and null is compared as well as text
            Stage = reader.GetTextOrNull(1)!,
            Status = reader.GetTextOrNull(2)!,
            Attempts = reader.IsDBNull(3) ? 0 : reader.GetInt32(3),
            InputRefs = Json(reader, 4),
            OutputRefs = Json(reader, 5),
            ErrorSummary = reader.GetTextOrNull(6),
            Metrics = Json(reader, 7),
            GivenCreatedAt = row.GivenCreatedAt is null ? null : createdAt,
            CreatedAt = createdAt,
        };
    }

    private static byte[]? Json(NpgsqlDataReader reader, int column) =>
        reader.GetTextOrNull(column) is { } text ? Encoding.UTF8.GetBytes(text) : null;
}

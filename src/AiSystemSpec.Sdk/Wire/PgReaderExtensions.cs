using Npgsql;

namespace AiSystemSpec.Sdk.Wire;

/// <summary>Reads that name what they want, so that no plugin of a host's data source decides it.</summary>
internal static class PgReaderExtensions
{
    /// <summary>A moment in UTC, of any year; see <see cref="WireMoments"/>.</summary>
    public static DateTimeOffset GetMoment(this NpgsqlDataReader reader, int column) =>
        WireMoments.FromMicroseconds(reader.GetFieldValue<long>(column));

    public static DateTimeOffset? GetMomentOrNull(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetMoment(column);

    public static string? GetTextOrNull(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    /// <summary>Reads one moment, for which <c>ExecuteScalarAsync</c> would return whatever the host's plugins make of it.</summary>
    /// <returns>Whether there was a row, and its moment, if it states one.</returns>
    public static async Task<(bool Found, DateTimeOffset? Moment)> ReadMomentAsync(this NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            return await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? (true, reader.GetMomentOrNull(0)) : default;
        }
    }
}

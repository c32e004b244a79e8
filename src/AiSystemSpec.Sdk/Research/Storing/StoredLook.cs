using System.Text;
using AiSystemSpec.Sdk.Wire;
using Npgsql;

namespace AiSystemSpec.Sdk.Research.Storing;

/// <summary>Judges by little whether a row stands in the table as it was given: the columns behind id, moment and topic of <see cref="StoreSql"/>.</summary>
internal static class StoredLook
{
    private const int LookedAt = 32;

    /// <summary>The beginning of a content that the statement looks for in what is stored.</summary>
    public static string Beginning(string content) =>
        content.Length <= LookedAt ? content : content[..(char.IsHighSurrogate(content[LookedAt - 1]) ? LookedAt - 1 : LookedAt)];

    public static bool IsContent(NpgsqlDataReader reader, string content) =>
        !reader.IsDBNull(3) && IsLength(reader.GetInt32(3), content) && reader.GetBoolean(4);

    public static bool IsOfNow(NpgsqlDataReader reader, DateTimeOffset? createdAt) =>
        createdAt is { } moment && (moment - reader.GetMoment(5)).Duration() < StoreSql.Tolerance;

    /// <summary>The server counts characters; in an SQL_ASCII database, bytes.</summary>
    private static bool IsLength(int stored, string content) => stored == content.Length
        || stored == content.Length - content.Count(char.IsLowSurrogate)
        || stored == Encoding.UTF8.GetByteCount(content);
}

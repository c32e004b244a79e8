using Npgsql;
using NpgsqlTypes;

namespace AiSystemSpec.Sdk.Wire;

/// <summary>
/// Parameters that state their type. Without one, a host's data source decides: with <c>EnableDynamicJson([typeof(Guid)])</c> an id
/// would be sent as JSON.
/// </summary>
internal static class PgParameter
{
    public static NpgsqlParameter Uuid(Guid value) => new NpgsqlParameter<Guid> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Uuid };

    public static NpgsqlParameter Uuids(Guid[] values) =>
        new NpgsqlParameter<Guid[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid };

    public static NpgsqlParameter Text(string? value) => value is null
        ? new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text }
        : new NpgsqlParameter<string> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    public static NpgsqlParameter Texts(string?[] values) =>
        new NpgsqlParameter<string?[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    public static NpgsqlParameter Integer(int value) =>
        new NpgsqlParameter<int> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Integer };

    public static NpgsqlParameter Boolean(bool value) =>
        new NpgsqlParameter<bool> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Boolean };

    public static NpgsqlParameter Bigint(long value) =>
        new NpgsqlParameter<long> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bigint };

    public static NpgsqlParameter Bytes(byte[] value) =>
        new NpgsqlParameter<byte[]> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bytea };

    /// <summary>UTF-8 text of JSON.</summary>
    public static NpgsqlParameter Jsonb(byte[]? value) => value is null
        ? new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb }
        : new NpgsqlParameter<byte[]> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Jsonb };

    public static NpgsqlParameter Moment(DateTimeOffset value) => Moment(WireMoments.ToMicroseconds(value));

    /// <summary>As <see cref="WireMoments"/>.</summary>
    public static NpgsqlParameter Moment(long microseconds) =>
        new NpgsqlParameter<long> { TypedValue = microseconds, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    /// <summary>The same for a column without time zone, whose moments are the local ones of whoever wrote them.</summary>
    public static NpgsqlParameter LocalMoment(long microseconds) =>
        new NpgsqlParameter<long> { TypedValue = microseconds, NpgsqlDbType = NpgsqlDbType.Timestamp };

    /// <summary>As <see cref="WireMoments"/>; null where a row states none.</summary>
    public static NpgsqlParameter Moments(long?[] microseconds) =>
        new NpgsqlParameter<long?[]> { TypedValue = microseconds, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz };
}

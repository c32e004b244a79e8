using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace AiSystemSpec.Sdk.Runs.Writing;

/// <summary>Rows as the parameters of the statements in <see cref="RunSql"/>.</summary>
internal static class RowParameters
{
    public static void AddRow(NpgsqlParameterCollection parameters, StoredRow row)
    {
        parameters.Add(new NpgsqlParameter<Guid> { TypedValue = row.Id });
        parameters.Add(new NpgsqlParameter<string> { TypedValue = row.RunId });
        parameters.Add(new NpgsqlParameter<string> { TypedValue = row.Stage });
        parameters.Add(new NpgsqlParameter<string> { TypedValue = row.Status });
        parameters.Add(new NpgsqlParameter<int> { TypedValue = row.Attempts });
        parameters.Add(Json(row.InputRefs));
        parameters.Add(Json(row.OutputRefs));
        parameters.Add(row.ErrorSummary is { } summary
            ? new NpgsqlParameter<string> { TypedValue = summary }
            : new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        parameters.Add(Json(row.Metrics));
        if (row.CreatedAt is { } createdAt)
        {
            parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = createdAt });
        }
    }

    public static void AddRows(NpgsqlParameterCollection parameters, IReadOnlyList<StoredRow> rows)
    {
        Add(NpgsqlDbType.Uuid, row => row.Id);
        Add(NpgsqlDbType.Text, row => row.RunId);
        Add(NpgsqlDbType.Text, row => row.Stage);
        Add(NpgsqlDbType.Text, row => row.Status);
        Add(NpgsqlDbType.Integer, row => row.Attempts);
        Add(NpgsqlDbType.Text, row => TextOf(row.InputRefs));
        Add(NpgsqlDbType.Text, row => TextOf(row.OutputRefs));
        Add(NpgsqlDbType.Text, row => row.ErrorSummary);
        Add(NpgsqlDbType.Text, row => TextOf(row.Metrics));
        Add(NpgsqlDbType.TimestampTz, row => row.CreatedAt);
        Add(NpgsqlDbType.Boolean, row => row.GivenCreatedAt is not null);

        void Add<T>(NpgsqlDbType type, Func<StoredRow, T> value) =>
            parameters.Add(new NpgsqlParameter { Value = rows.Select(value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });
    }

    private static NpgsqlParameter Json(byte[]? json) => json is null
        ? new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb }
        : new NpgsqlParameter<byte[]> { TypedValue = json, NpgsqlDbType = NpgsqlDbType.Jsonb };

    private static string? TextOf(byte[]? json) => json is null ? null : Encoding.UTF8.GetString(json);
}

using System.Text;
using AiSystemSpec.Sdk.Runs.Formatting;
using AiSystemSpec.Sdk.Wire;
using Npgsql;
using NpgsqlTypes;

namespace AiSystemSpec.Sdk.Runs.Writing;

/// <summary>
/// Rows as the parameters of the statements in <see cref="RunSql"/>. JSON goes as text, which needs no plugin of the data source.
/// </summary>
internal static class RowParameters
{
    public static void AddRow(NpgsqlParameterCollection parameters, StoredRow row)
    {
        parameters.Add(PgParameter.Uuid(row.Id));
        parameters.Add(PgParameter.Text(row.RunId));
        parameters.Add(PgParameter.Text(row.Stage));
        parameters.Add(PgParameter.Text(row.Status));
        parameters.Add(PgParameter.Integer(row.Attempts));
        parameters.Add(Json(row.InputRefs));
        parameters.Add(Json(row.OutputRefs));
        parameters.Add(PgParameter.Text(row.ErrorSummary));
        parameters.Add(Json(row.Metrics));
        if (row.CreatedAt is not null)
        {
            parameters.Add(PgParameter.Moment(row.WireMoment!.Value));
        }
    }

    public static void AddRows(NpgsqlParameterCollection parameters, IReadOnlyList<StoredRow> rows)
    {
        parameters.Add(PgParameter.Uuids(Column(rows, row => row.Id)));
        parameters.Add(PgParameter.Texts(Column(rows, row => row.RunId)));
        parameters.Add(PgParameter.Texts(Column(rows, row => row.Stage)));
        parameters.Add(PgParameter.Texts(Column(rows, row => row.Status)));
        Add(NpgsqlDbType.Integer, row => row.Attempts);
        parameters.Add(PgParameter.Texts(Column(rows, row => TextOf(row.InputRefs))));
        parameters.Add(PgParameter.Texts(Column(rows, row => TextOf(row.OutputRefs))));
        parameters.Add(PgParameter.Texts(Column(rows, row => row.ErrorSummary)));
        parameters.Add(PgParameter.Texts(Column(rows, row => TextOf(row.Metrics))));
        parameters.Add(PgParameter.Moments(Column(rows, row => row.WireMoment)));
        Add(NpgsqlDbType.Boolean, row => row.GivenCreatedAt is not null);

        void Add<T>(NpgsqlDbType type, Func<StoredRow, T> value) =>
            parameters.Add(new NpgsqlParameter<T[]> { TypedValue = Column(rows, value), NpgsqlDbType = NpgsqlDbType.Array | type });
    }

    private static T[] Column<T>(IReadOnlyList<StoredRow> rows, Func<StoredRow, T> value)
    {
        var column = new T[rows.Count];
        for (var at = 0; at < column.Length; at++)
        {
            column[at] = value(rows[at]);
        }

        return column;
    }

    private static NpgsqlParameter Json(byte[]? json) => json is null
        ? PgParameter.Text(null)
        : new NpgsqlParameter<byte[]> { TypedValue = json, NpgsqlDbType = NpgsqlDbType.Text };

    private static string? TextOf(byte[]? json) => json is null ? null : Encoding.UTF8.GetString(json);
}

using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Persistence;

/// <summary>Rows dated as far as PostgreSQL goes, several to a moment, and several moments to one that .NET has.</summary>
internal static class FarDates
{
    public const string Newest = "infinity";

    /// <summary>Newest first. Milliseconds taken for seconds land in the sixty-thousands.</summary>
    public static readonly string[] Moments =
    [
        Newest, "294276-12-31T23:59:59.999999Z", "58856-01-01T00:00:00Z", "58855-12-31T23:59:59.999999Z", "10000-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999998Z", "2026-01-02T03:04:05.123456Z", "0001-01-01T00:00:00.000001Z", "0001-01-01T00:00:00Z",
        "0001-12-31T23:59:59.999999Z BC", "0044-03-15T00:00:00Z BC", "4713-01-01T00:00:00Z BC", "-infinity",
    ];

    /// <summary>Inserts <paramref name="each"/> rows for each moment and as many without one; the table's text column says which.</summary>
    public static Task InsertAsync(
        string connectionString, string table, string columns, string values, int each, params object[] parameters) =>
        Sql.ExecuteAsync(
            connectionString,
            $"""
            INSERT INTO public.{table} (created_at, {columns})
            SELECT NULLIF(moment, '')::timestamptz, {values}
            FROM unnest($1 || ''::text) AS moment, generate_series(1, {each}) AS number ORDER BY random()
            """,
            [Moments, .. parameters]);

    /// <summary>What a row of a moment reads as.</summary>
    public static DateTimeOffset Read(string moment) =>
        moment.EndsWith(" BC", StringComparison.Ordinal) || moment is "-infinity" or "0001-01-01T00:00:00Z" ? DateTimeOffset.MinValue
        : moment is Newest || moment.IndexOf('-', StringComparison.Ordinal) > 4 || moment is "9999-12-31T23:59:59.999999Z" ? DateTimeOffset.MaxValue
        : DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture);
}

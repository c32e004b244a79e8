using AiSystemSpec.Sdk.Paging;
using AiSystemSpec.Sdk.Specification;
using AiSystemSpec.Sdk.Wire;
using Npgsql;
using static AiSystemSpec.Sdk.Specification.Schema;

namespace AiSystemSpec.Sdk.Scripts.Search;

/// <summary>Builds the statements of a search, newest first: those with a moment, or those without.</summary>
internal sealed class SearchSql(ScriptCondition condition, bool isDated, int serverVersion)
{
    private const string Table = $"{Schema.Name}.{Schema.Scripts}";
    private const string Place = $"(s.{Columns.CreatedAt}, s.{Columns.Id})";
    private const int FirstVersionWithIsJson = 16;

    // Letters are what they are, whatever the column's own collation takes for equal.
    private const string Content = $"s.{Columns.Content} COLLATE \"C\"";

    private readonly List<NpgsqlParameter> _parameters = [];

    /// <summary>Gets the parameters of the statement that was built.</summary>
    public NpgsqlParameter[] Parameters => [.. _parameters];

    /// <summary>The place of the last of so many rows behind a place, and how many there are up to there.</summary>
    public string End(KeysetPosition? after, int most) =>
        $"""
        SELECT e.{Columns.Id}, e.{Columns.CreatedAt}, e.n FROM (
          SELECT d.*, pg_catalog.row_number() OVER (ORDER BY d.{Columns.CreatedAt} DESC, d.{Columns.Id} DESC) AS n FROM (
            SELECT s.{Columns.Id}, s.{Columns.CreatedAt} FROM {Table} AS s
            WHERE {string.Join(" AND ", Behind(after))}
            ORDER BY s.{Columns.CreatedAt} DESC, s.{Columns.Id} DESC LIMIT {Add(PgParameter.Integer(most))}) AS d) AS e
        ORDER BY e.n DESC LIMIT 1
        """;

    /// <summary>Scripts behind a place and down to another that fulfil the condition, as far as the server can tell.</summary>
    public string Rows(KeysetPosition? after, KeysetPosition? end, int limit) =>
        $"""
        SELECT s.{Columns.Id}, s.{Columns.Content}, s.{Columns.CreatedAt} FROM {Table} AS s
        WHERE {string.Join(" AND ", [.. Behind(after), .. DownTo(end), .. OfContent()])}
        ORDER BY s.{Columns.CreatedAt} DESC, s.{Columns.Id} DESC LIMIT {Add(PgParameter.Integer(limit))}
        """;

    private IEnumerable<string> Behind(KeysetPosition? after)
    {
        yield return $"s.{Columns.CreatedAt} IS {(isDated ? "NOT " : "")}NULL";
        if (after is { } place)
        {
            yield return isDated
                ? $"{Place} < ({Add(PgParameter.Moment(place.Moment!.Value))}, {Add(PgParameter.Uuid(place.Id))})"
                : $"s.{Columns.Id} < {Add(PgParameter.Uuid(place.Id))}";
        }

        if (condition.Filter.From is { } from)
        {
            yield return $"s.{Columns.CreatedAt} >= {Add(PgParameter.Moment(from))}";
        }

        if (condition.Filter.To is { } to)
        {
            yield return $"s.{Columns.CreatedAt} < {Add(PgParameter.Moment(to))}";
        }
    }

    private IEnumerable<string> DownTo(KeysetPosition? end)
    {
        if (end is { } place)
        {
            yield return isDated
                ? $"{Place} >= ({Add(PgParameter.Moment(place.Moment!.Value))}, {Add(PgParameter.Uuid(place.Id))})"
                : $"s.{Columns.Id} >= {Add(PgParameter.Uuid(place.Id))}";
        }
    }

    /// <summary>What the condition says about contents, as far as the server can tell, about the table as <c>s</c>.</summary>
    public IEnumerable<string> OfContent()
    {
        if (!string.IsNullOrEmpty(condition.Filter.Contains))
        {
            yield return Contains(condition.Filter.Contains);
        }

        if (condition.Json is { } json)
        {
            yield return serverVersion >= FirstVersionWithIsJson ? Json(json) : $"({string.Join(") AND (", Spellings(json))})";
        }
    }

    /// <summary>
    /// The server decides, but for contents with escapes that its JSON functions refuse, one of which would fail the statement: those are
    /// left to the caller.
    /// </summary>
    private string Json(JsonCondition json)
    {
        var found = $"s.{Columns.Content}::pg_catalog.json #>> {Add(PgParameter.Texts(json.Path))}";
        var wanted = json.Value is null ? $"({found}) IS NOT NULL" : $"({found}) COLLATE \"C\" = {Add(PgParameter.Text(json.Value))}";
        return $"""
            CASE WHEN {Contains("\\u0000")} OR {Contains("\\ud")} OR {Contains("\\uD")} THEN true
              WHEN s.{Columns.Content} IS JSON THEN {wanted} ELSE false END
            """;
    }

    /// <summary>
    /// Before PostgreSQL 16 one content that is not JSON would fail a statement that reads it as such: by the letters alone most are left out,
    /// and the caller decides about the rest. A letter may be spelled <c>\u</c> and four digits.
    /// </summary>
    private IEnumerable<string> Spellings(JsonCondition json)
    {
        yield return Contains("{");
        foreach (var step in json.Path.Where(step => !step.All(char.IsAsciiDigit)))
        {
            yield return Spelling(step);
        }

        if (json.Value is { } value && !value.StartsWith('{') && !value.StartsWith('['))
        {
            yield return Spelling(value);
        }
    }

    private string Spelling(string text) =>
        text.AsSpan().ContainsAny('"', '\\', '/') || text.Any(char.IsControl) ? Contains("\\") : $"{Contains(text)} OR {Contains("\\u")}";

    private string Contains(string text) => $"pg_catalog.strpos({Content}, {Add(PgParameter.Text(text))}) > 0";

    /// <summary>Adds a parameter.</summary>
    /// <returns>What stands for it in the statement.</returns>
    public string Add(NpgsqlParameter parameter)
    {
        _parameters.Add(parameter);
        return $"${_parameters.Count}";
    }
}

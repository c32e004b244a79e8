using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Scripts.Changes;

/// <summary>
/// What one writes at first: each look takes what is behind a mark, and moves the mark. Each of the three misses scripts that the
/// scenarios commit, which shows that the scenarios are not harmless.
/// </summary>
internal sealed class NaiveFeed(string database, NaiveKind kind)
{
    private string? _mark;

    public async Task<List<string?>> LookAsync()
    {
        await using var connection = await Sql.OpenAsync(database);
        var (all, since, next) = kind switch
        {
            NaiveKind.CreatedAt => ("", "WHERE created_at > $1::timestamptz", "SELECT max(created_at)::text FROM public.scripts"),
            NaiveKind.Xmin => ("", "WHERE xmin::text::bigint > $1::bigint", "SELECT max(xmin::text::bigint)::text FROM public.scripts"),
            _ => ("", "WHERE NOT pg_visible_in_snapshot(xmin::text::xid8, $1::pg_snapshot)", "SELECT pg_current_snapshot()::text"),
        };
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead); // one snapshot for both
        var rows = new List<string?>();
        await using (var command = Sql.Command(connection, $"SELECT content FROM public.scripts {(_mark is null ? all : since)}", _mark is null ? [] : [_mark]))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                rows.Add(await reader.IsDBNullAsync(0) ? null : reader.GetString(0));
            }
        }

        await using var mark = Sql.Command(connection, next);
        _mark = await mark.ExecuteScalarAsync() as string ?? _mark;
        return rows;
    }
}

using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Scripts.Search;
using AiSystemSpec.Sdk.Transfer;
using AiSystemSpec.Sdk.Transfer.Exporting;
using AiSystemSpec.Sdk.Wire;

namespace AiSystemSpec.Sdk.Scripts;

/// <summary>Which scripts an export writes.</summary>
internal static class ScriptExport
{
    private const int ContentColumn = 2; // behind the place and the id

    public static RowExport<Script> Create(Database database, ScriptCondition condition, IProgress<TransferProgress>? progress) =>
        new(database, TransferTable.OfScripts, progress)
        {
            Source = (context, _) => Task.FromResult(Within(context.Scripts, condition.Filter)),
            Filter = condition.IsOfContent ? ids => OfContent(condition, ids) : null,
        };

    private static IQueryable<Script> Within(IQueryable<Script> scripts, ScriptFilter filter)
    {
        if (filter.From is { } from)
        {
            scripts = scripts.Where(script => script.CreatedAt >= from);
        }

        if (filter.To is { } to)
        {
            scripts = scripts.Where(script => script.CreatedAt < to);
        }

        return scripts;
    }

    private static LineFilter OfContent(ScriptCondition condition, Guid[] ids)
    {
        // As for an old server: one content that its JSON functions cannot read would end the export.
        var sql = new SearchSql(condition, isDated: true, serverVersion: 0);
        _ = sql.Add(PgParameter.Uuids(ids));
        string[] conditions = [.. sql.OfContent()];
        return new LineFilter(conditions, sql.Parameters, condition.Json is null ? null : row => condition.Json.Matches(row.GetTextOrNull(ContentColumn)));
    }
}

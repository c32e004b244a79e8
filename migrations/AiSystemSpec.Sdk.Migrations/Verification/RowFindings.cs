using AiSystemSpec.Sdk.Migrations.Catalog;
using AiSystemSpec.Sdk.Migrations.Connections;
using AiSystemSpec.Sdk.Persistence;

namespace AiSystemSpec.Sdk.Migrations.Verification;

/// <summary>Counts rows that the schema's notes do not allow and other programs write. They are read all the same.</summary>
internal static class RowFindings
{
    private const string Read = $"""
        SELECT coalesce(pg_catalog."left"({Schema.Columns.Status}::text, 40), 'NULL'), pg_catalog.count(*)
        FROM {Schema.Name}.{Schema.PipelineRuns}
        WHERE {Schema.Columns.Status} IS NULL OR {Schema.Columns.Status} NOT IN ('success', 'failure', 'retry', 'skipped')
        GROUP BY 1 ORDER BY 2 DESC LIMIT 10
        """;

    public static async Task<List<SchemaFinding>> FindAsync(Session session, IReadOnlyList<FoundTable> tables, CancellationToken cancellationToken)
    {
        var table = tables.FirstOrDefault(table => string.Equals(table.Name, Schema.PipelineRuns, StringComparison.Ordinal));
        if (table is not { IsTable: true } || table.Column(Schema.Columns.Status) is null)
        {
            return [];
        }

        var subject = $"{table.QualifiedName}.{Schema.Columns.Status}";
        if (!table.MaySelect)
        {
            return [new(FindingSeverity.Information, subject, "that this role may not read it, so no row was looked at", "SELECT", Mend: null)];
        }

        return await session.QueryAsync(
            Read,
            reader => new SchemaFinding(
                FindingSeverity.Information, subject, $"{reader.GetInt64(1)} rows with the status {reader.GetString(0)}", "success, failure, retry or skipped", Mend: null),
            cancellationToken).ConfigureAwait(false);
    }
}

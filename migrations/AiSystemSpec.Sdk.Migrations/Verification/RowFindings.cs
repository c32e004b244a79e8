using AiSystemSpec.Sdk.Migrations.Catalog;
using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.Verification;

/// <summary>
/// Counts rows that the schema's notes do not allow and other programs write, among a bounded number. They are read all the same.
/// </summary>
internal static class RowFindings
{
    private const int MostRows = 100_000;

    private static readonly string Read = $"""
        SELECT coalesce(pg_catalog."left"(looked.{Schema.Columns.Status}::text, 40), 'NULL'), pg_catalog.count(*), pg_catalog.sum(pg_catalog.count(*)) OVER ()
        FROM (SELECT {Schema.Columns.Status} FROM {Schema.Name}.{Schema.PipelineRuns} LIMIT {MostRows}) AS looked
        GROUP BY 1 ORDER BY 2 DESC LIMIT 50
        """;

    public static async Task<IReadOnlyList<SchemaFinding>> FindAsync(IReadOnlyList<FoundTable> tables, Probe probe)
    {
        var table = tables.FirstOrDefault(table => string.Equals(table.Name, Schema.PipelineRuns, StringComparison.Ordinal));
        if (table is not { IsTable: true } || table.Column(Schema.Columns.Status) is null)
        {
            return [];
        }

        var subject = $"{table.QualifiedName}.{Schema.Columns.Status}";
        if (!table.MaySelect)
        {
            return [Finding(subject, "that this role may not read it, so no row was looked at") with { Expected = "SELECT" }];
        }

        var (statuses, error) = await probe.ReadAsync(Read, reader => (Status: reader.GetString(0), Count: reader.GetInt64(1), Looked: reader.GetDecimal(2))).ConfigureAwait(false);
        if (error is not null)
        {
            return [Finding(subject, Probe.IsLimit(error) ? $"that a look at {MostRows} rows took more than {Probe.Limit.TotalSeconds} seconds, and was left" : $"that its rows could not be looked at: {error.MessageText}")];
        }

        return
        [
            .. statuses.Where(found => found.Status is not ("success" or "failure" or "retry" or "skipped")).Take(10)
                .Select(found => Finding(subject, $"{found.Count} rows with the status {found.Status}{(found.Looked >= MostRows ? $", of {MostRows} that were looked at" : "")}")),
        ];
    }

    private static SchemaFinding Finding(string subject, string found) =>
        new(FindingSeverity.Information, subject, found, "success, failure, retry or skipped", fixSql: null);
}

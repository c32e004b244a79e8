using AiSystemSpec.Sdk.Specification;
using static AiSystemSpec.Sdk.Specification.Schema;

namespace AiSystemSpec.Sdk.Retention.Purging;

/// <summary>Turns options into rules. A row is kept while any rule that is set keeps it.</summary>
internal static class RetentionRules
{
    private const string ResearchTable = $"{Schema.Name}.{ResearchCache}";
    private const string ScriptTable = $"{Schema.Name}.{Schema.Scripts}";
    private const string RunTable = $"{Schema.Name}.{PipelineRuns}";

    // The cut text beside the whole is what the index on topics holds.
    private const string IsSystemEvent =
        $"""
        {Columns.Topic} = {Reserved} AND pg_catalog."left"({Columns.Topic}, {IndexedLength}) = '{ResearchEntry.SystemTopic}'
        """;

    // Byte by byte: the column's own collation may take "System" for the same.
    private const string Reserved = $"'{ResearchEntry.SystemTopic}' COLLATE pg_catalog.\"C\"";

    /// <summary>Gets whether any rule is set: without one there is nothing to ask the database.</summary>
    public static bool Any(RetentionOptions options) => Of(options, DateTimeOffset.MaxValue).Any();

    /// <summary>
    /// The rules at a moment of the database's clock. An age that reaches before year 1 keeps everything, so it makes no rule.
    /// </summary>
    public static IEnumerable<RetentionRule> Of(RetentionOptions options, DateTimeOffset now) =>
        [.. Research(options, now), .. Scripts(options, now), .. Runs(options, now)];

    private static IEnumerable<RetentionRule> Research(RetentionOptions options, DateTimeOffset now)
    {
        // Topics are sorted by bytes: equal is equal in every collation that PostgreSQL has by default, and sorting by bytes is many
        // times faster.
        var template = new RetentionRule(RowKind.Research, ResearchTable, now)
        {
            Scope = $"{Columns.Topic} <> {Reserved}",
            GroupBy = $"{Columns.Topic} COLLATE pg_catalog.\"C\"",
        };
        if (Create(template, options.ResearchAge, options.KeepLatestPerTopic, now) is { } research)
        {
            yield return research;
        }

        if (Create(new RetentionRule(RowKind.SystemEvent, ResearchTable, now) { Scope = IsSystemEvent }, options.SystemEventAge, keep: null, now) is { } events)
        {
            yield return events;
        }
    }

    private static IEnumerable<RetentionRule> Scripts(RetentionOptions options, DateTimeOffset now)
    {
        if (Create(new RetentionRule(RowKind.Script, ScriptTable, now), options.ScriptAge, options.KeepLatestScripts, now) is { } scripts)
        {
            yield return scripts;
        }
    }

    private static IEnumerable<RetentionRule> Runs(RetentionOptions options, DateTimeOffset now)
    {
        foreach (var (status, age) in options.RunAgesByStatus)
        {
            var named = new RetentionRule(RowKind.Run, RunTable, now) { Scope = $"{Columns.Status} = $2", ScopeValue = status.Value };
            if (Create(named, age, keep: null, now) is { } rule)
            {
                yield return rule;
            }
        }

        var others = new RetentionRule(RowKind.Run, RunTable, now)
        {
            Scope = $"({Columns.Status} IS NULL OR {Columns.Status} <> ALL ($2))",
            ScopeValue = options.RunAgesByStatus.Keys.Select(status => status.Value).ToArray(),
        };
        if (Create(others, options.RunAge, keep: null, now) is { } rest)
        {
            yield return rest;
        }
    }

    private static RetentionRule? Create(RetentionRule template, TimeSpan? age, int? keep, DateTimeOffset now)
    {
        if (age is null && keep is null)
        {
            return null;
        }

        // By number alone, what is written from now on is kept: it was not there to be counted.
        return age is { } limit && limit > now - DateTimeOffset.MinValue
            ? null
            : template with { Before = now - (age ?? TimeSpan.Zero), HasAge = age is not null, Keep = keep };
    }
}

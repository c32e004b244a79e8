using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.Statements;

/// <summary>
/// The indexes of the migration CreateIndexes. None can refuse a row that the table takes: a btree entry may have 2,704 bytes,
/// so texts are cut to <see cref="Schema.IndexedLength"/> characters, and the lookups compare the whole value beside the cut one wherever
/// something was cut.
/// </summary>
/// <remarks>
/// What is looked for and mended; the migration has statements of its own, which never change. Another index comes in another migration.
/// </remarks>
internal static class LookupIndexes
{
    private const string RootRunId = $"{Schema.Columns.InputRefs} OPERATOR(pg_catalog.->>) 'root_run_id'";

    private const string CreatedAtAndId = $"{Schema.Columns.CreatedAt}, {Schema.Columns.Id}";

    private const string PrintedCreatedAtAndId = $"({CreatedAtAndId})";

    private static readonly string Cut = $"{Schema.IndexedLength}";

    /// <summary>The newest row of a topic, and its history by keyset pages, read backwards.</summary>
    public static readonly IndexDefinition ResearchTopic = new(
        "ix_research_cache_topic_created_at",
        Schema.ResearchCache,
        $"(pg_catalog.\"left\"({Schema.Columns.Topic}, {Cut})), {CreatedAtAndId}",
        "(\"left\"(topic, 256), created_at, id)");

    /// <summary>Keyset pages of scripts, read backwards.</summary>
    public static readonly IndexDefinition ScriptsCreatedAt = new(
        "ix_scripts_created_at_id", Schema.Scripts, CreatedAtAndId, PrintedCreatedAtAndId);

    /// <summary>Keyset pages of run rows, read backwards.</summary>
    public static readonly IndexDefinition RunsCreatedAt = new(
        "ix_pipeline_runs_created_at_id", Schema.PipelineRuns, CreatedAtAndId, PrintedCreatedAtAndId);

    /// <summary>The rows of a run, and by prefix (hence the collation) those spelled <c>root:stage:attempt</c>.</summary>
    public static readonly IndexDefinition RunsRunId = new(
        "ix_pipeline_runs_run_id_created_at",
        Schema.PipelineRuns,
        $"(pg_catalog.\"left\"({Schema.Columns.RunId}, {Cut})) COLLATE pg_catalog.\"C\", {CreatedAtAndId}",
        "(\"left\"(run_id, 256) COLLATE \"C\", created_at, id)");

    /// <summary>The rows that name their run in <c>input_refs.root_run_id</c>.</summary>
    public static readonly IndexDefinition RunsRootRunId = new(
        "ix_pipeline_runs_root_run_id_created_at",
        Schema.PipelineRuns,
        $"(pg_catalog.\"left\"({RootRunId}, {Cut})), {CreatedAtAndId}",
        "(\"left\"((input_refs ->> 'root_run_id'::text), 256), created_at, id) WHERE ((input_refs ->> 'root_run_id'::text) IS NOT NULL)",
        $"({RootRunId}) IS NOT NULL");

    public static IReadOnlyList<IndexDefinition> All { get; } = [ResearchTopic, ScriptsCreatedAt, RunsCreatedAt, RunsRunId, RunsRootRunId];

    public static IndexDefinition? Find(string name) =>
        All.FirstOrDefault(index => string.Equals(index.Name, name, StringComparison.Ordinal));
}

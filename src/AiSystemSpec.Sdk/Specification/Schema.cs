namespace AiSystemSpec.Sdk.Specification;

/// <summary>The names of the canonical schema, written once: the EF model and all hand-written SQL take them from here.</summary>
internal static class Schema
{
    /// <summary>Named everywhere, since poolers ignore a <c>Search Path</c> and databases have hostile ones.</summary>
    public const string Name = "public";

    /// <summary>Holds what is the SDK's own: the history of migrations.</summary>
    public const string OwnName = "ai_system_spec";

    /// <summary>EF's table of applied migrations, in the schema of our own.</summary>
    public const string MigrationsHistory = "migrations_history";

    public const string ResearchCache = "research_cache";
    public const string Scripts = "scripts";
    public const string PipelineRuns = "pipeline_runs";

    /// <summary>The three tables, in the schema's order.</summary>
    public static readonly string[] Tables = [ResearchCache, Scripts, PipelineRuns];

    /// <summary>
    /// Our own table with the identity of the database: one row, <c>id</c> and <c>created_at</c>. A database may lack it.
    /// </summary>
    public const string DatabaseIdentity = "database_identity";

    /// <summary>Ends the names of primary keys, as PostgreSQL itself names them; EF's own names would need quotes.</summary>
    public const string KeySuffix = "_pkey";

    /// <summary>How many characters of an unbounded text are indexed: no more than 1,024 bytes, far below btree's 2,704.</summary>
    public const string IndexedLength = "256";

    /// <summary>Column names of all three tables.</summary>
    public static class Columns
    {
        public const string Id = "id";
        public const string Topic = "topic";
        public const string Content = "content";
        public const string CreatedAt = "created_at";
        public const string RunId = "run_id";
        public const string Stage = "stage";
        public const string Status = "status";
        public const string Attempts = "attempts";
        public const string InputRefs = "input_refs";
        public const string OutputRefs = "output_refs";
        public const string ErrorSummary = "error_summary";
        public const string Metrics = "metrics";
    }

    /// <summary>Column types that are named in the schema.</summary>
    public static class Types
    {
        public const string Uuid = "uuid";
        public const string Text = "text";
        public const string Int = "integer";
        public const string Jsonb = "jsonb";
        public const string TimestampTz = "timestamp with time zone";
    }

    /// <summary>Server-side defaults.</summary>
    public static class Defaults
    {
        public const string Id = "gen_random_uuid()";
        public const string CreatedAt = "now()";
    }
}

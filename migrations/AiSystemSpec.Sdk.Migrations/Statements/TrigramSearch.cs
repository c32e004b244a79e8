using AiSystemSpec.Sdk.Specification;
using Npgsql;

namespace AiSystemSpec.Sdk.Migrations.Statements;

/// <summary>
/// What the search by similarity needs and nothing else does: an extension and its index. No migration, so no database is wrong without
/// it.
/// </summary>
internal static class TrigramSearch
{
    /// <summary>Stands where a migration's id would.</summary>
    public const string UnitId = "similarity search";

    public const string Extension = "pg_trgm";

    public const string ExtensionsSchema = "extensions";

    private const string OperatorClass = "gin_trgm_ops";

    private const string CreateExtension = $"CREATE EXTENSION IF NOT EXISTS {Extension}";

    /// <summary>
    /// Where the extension is; else the schema for extensions, as at Supabase; else the tables' own. The migrator chooses the same way: a
    /// script can only do so where it runs.
    /// </summary>
    public const string ChooseSchemaSql = $"""
        SELECT coalesce((SELECT pg_catalog.quote_ident(n.nspname) FROM pg_catalog.pg_extension e
                         JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = '{Extension}'),
                        (SELECT nspname::pg_catalog.text FROM pg_catalog.pg_namespace WHERE nspname = '{ExtensionsSchema}'),
                        '{Schema.Name}')
        """;

    /// <summary>Names the schema always: without one, the extension would land wherever the <c>search_path</c> begins.</summary>
    public static string CreateExtensionSql(string schema) => $"{CreateExtension} SCHEMA {schema};";

    /// <summary>The index over the extension in this schema, which is quoted where it must be.</summary>
    public static IndexDefinition IndexFor(string schema) => new(
        "ix_research_cache_topic_trgm",
        Schema.ResearchCache,
        $"{Schema.Columns.Topic} {schema}.{OperatorClass}",
        $"({Schema.Columns.Topic} {(schema is "pg_catalog" ? "" : $"{schema}.")}{OperatorClass})",
        Method: "gin");

    /// <summary>Says what to do when the extension cannot be created; null for any other error.</summary>
    public static MigrationException? Describe(RunUnit unit, NpgsqlException exception)
    {
        if (!unit.Statements.Any(statement => statement.StartsWith(CreateExtension, StringComparison.Ordinal)))
        {
            return null;
        }

        var sentence = exception.SqlState switch
        {
            PostgresErrorCodes.InsufficientPrivilege =>
                $"The role may not create the extension {Extension}, which the search by similarity needs. Let the database's owner or a superuser run CREATE EXTENSION {Extension}, "
                + "or grant the right: GRANT CREATE ON DATABASE … TO …; then run migrate with similarity again.",
            PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.UndefinedFile =>
                $"The server does not have the extension {Extension}, which the search by similarity needs. Install it there (it comes with PostgreSQL, in the package postgresql-contrib), then run migrate with similarity again.",
            _ => null,
        };
        return sentence is null ? null : new MigrationException(MigrationErrorKind.Failed, $"{sentence} Migrations that were pending are applied.", exception);
    }
}

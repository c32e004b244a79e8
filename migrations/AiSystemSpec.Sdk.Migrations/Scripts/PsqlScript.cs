using System.Globalization;
using System.Text;
using AiSystemSpec.Sdk.Connections.AdvisoryLocks;
using AiSystemSpec.Sdk.Migrations.EntityFramework;
using AiSystemSpec.Sdk.Migrations.History;
using AiSystemSpec.Sdk.Migrations.Statements;
using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.Scripts;

/// <summary>
/// All migrations as one script for psql, which may be run again: what is applied is left out, what is INVALID is built again.
/// </summary>
internal sealed class PsqlScript(MigrateOptions options)
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    // A variable of psql: the schema is only known where the script runs.
    private const string SimilaritySchema = "similarity_schema";

    // Else the first CREATE TABLE would fail, and say only that the table exists.
    private const string StopBeforeAdoption = $"""
        DO $adopt$
        DECLARE
          found text;
        BEGIN
          SELECT pg_catalog.string_agg('{Schema.Name}.' OPERATOR(pg_catalog.||) c.relname::pg_catalog.text, ', ') INTO found
          FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
          WHERE n.nspname OPERATOR(pg_catalog.=) '{Schema.Name}'
            AND c.relname::pg_catalog.text OPERATOR(pg_catalog.=) ANY (ARRAY['{Schema.ResearchCache}', '{Schema.Scripts}', '{Schema.PipelineRuns}']);
          IF found IS NOT NULL THEN
            RAISE EXCEPTION 'The database already has %, which no migration made. Run aispec adopt, which compares and takes them over, then this script again.', found;
          END IF;
        END
        $adopt$;
        """;

    private readonly StringBuilder _sql = new();

    public string Write(MigrationCatalog catalog)
    {
        _sql.Append(Culture, $"""
            -- Run with psql over a direct connection, not through a pooler in transaction mode:
            --   psql --no-psqlrc --file script.sql
            \set ON_ERROR_STOP on
            \set QUIET on
            SET client_min_messages = warning;
            SET default_transaction_isolation = 'read committed';
            {TimeLimits.Lift}
            {RunUnit.SetLockTimeout(options.LockTimeout)}
            SELECT pg_catalog.pg_try_advisory_lock({LockKeys.Migrations}) AS is_alone \gset
            \if :is_alone
            \else
            DO $busy$ BEGIN RAISE EXCEPTION 'Another run is migrating this database. Run this script again when it has ended.'; END $busy$;
            \endif

            {HistoryTable.CreateSchemaSql}

            {HistoryTable.CreateTableSql}

            """).Append('\n');
        foreach (var script in catalog.Up)
        {
            Append(script);
        }

        if (options.WithSimilarity)
        {
            AppendSimilarity();
        }

        return _sql.Append(Culture, $"""
            {RunUnit.ResetLockTimeout}
            {TimeLimits.Restore}
            RESET default_transaction_isolation;
            SELECT pg_catalog.pg_advisory_unlock({LockKeys.Migrations}) AS is_done \gset
            """).Append('\n').ToString();
    }

    private void Append(MigrationScript script)
    {
        _sql.Append(Culture, $"SELECT NOT EXISTS (SELECT FROM {HistoryTable.QualifiedName} WHERE \"MigrationId\" = '{script.Id}') AS is_pending \\gset\n\\if :is_pending\n\n");
        if (script == MigrationCatalog.Instance.CreateTables)
        {
            _sql.Append(StopBeforeAdoption).Append("\n\n");
        }

        _sql.Append(script.IsTransactional ? $"{RunUnit.SetLockTimeout(options.LockTimeout)}\nBEGIN;\n\n" : $"{RunUnit.SetLockTimeout(options.IndexLockTimeout)}\n\n");
        foreach (var statement in script.Statements)
        {
            var dropped = statement.DropsIndex is { } name ? LookupIndexes.Find(name) : null;
            _sql.Append(dropped is null ? statement.Text : DropIfInvalid(dropped)).Append("\n\n");
        }

        _sql.Append(Culture, $"{script.HistorySql}\n\n{(script.IsTransactional ? "COMMIT;\n\n" : "")}\\endif\n\n");
    }

    private void AppendSimilarity()
    {
        var index = TrigramSearch.IndexFor($":{SimilaritySchema}");
        _sql.Append(Culture, $"""
            {TrigramSearch.ChooseSchemaSql} AS {SimilaritySchema} \gset
            {RunUnit.SetLockTimeout(options.LockTimeout)}
            {TrigramSearch.CreateExtensionSql($":{SimilaritySchema}")}

            {RunUnit.SetLockTimeout(options.IndexLockTimeout)}

            {DropIfInvalid(index)}

            {index.CreateSql}


            """);
    }

    private static string DropIfInvalid(IndexDefinition index) =>
        $"""
        BEGIN;
        {index.AwaitBuildSql}
        COMMIT;
        SELECT 'DROP INDEX CONCURRENTLY {index.QualifiedName}' FROM pg_catalog.pg_index x
        JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = '{Schema.Name}' AND c.relname = '{index.Name}' AND NOT x.indisvalid \gexec
        DO $taken$
        BEGIN
          IF EXISTS (
            SELECT FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
            WHERE n.nspname OPERATOR(pg_catalog.=) '{Schema.Name}' AND c.relname OPERATOR(pg_catalog.=) '{index.Name}' AND NOT EXISTS (
              SELECT FROM pg_catalog.pg_index AS x
              WHERE x.indexrelid OPERATOR(pg_catalog.=) c.oid AND x.indrelid OPERATOR(pg_catalog.=) '{Schema.Name}.{index.Table}'::pg_catalog.regclass)) THEN
            RAISE EXCEPTION 'The name {index.QualifiedName} is taken by something else than an index on {Schema.Name}.{index.Table}. Rename that, then run this script again.';
          END IF;
        END
        $taken$;
        """;
}

using AiSystemSpec.Sdk.Persistence;

namespace AiSystemSpec.Sdk.Migrations.Statements;

/// <summary>Remembers which tables were there before us, so that no rollback drops them unasked.</summary>
internal static class FoundTables
{
    public const string Table = $"{Schema.OwnName}.found_tables";

    /// <summary>A setting of the transaction that names, separated by commas, the tables that may be dropped all the same.</summary>
    public const string DropSetting = $"{Schema.OwnName}.drop_tables";

    public const string CreateSql = $"CREATE TABLE {Table} (table_name text NOT NULL CONSTRAINT found_tables_pkey PRIMARY KEY);";

    public const string DropSql = $"DROP TABLE {Table};";

    /// <summary>Refuses to go on when a table has rows, or was found and not created, unless <see cref="DropSetting"/> names it.</summary>
    public static string GuardSql { get; } = $"""
        DO $guard$
        DECLARE
          target text;
          has_rows boolean;
        BEGIN
          FOREACH target IN ARRAY ARRAY['{Schema.ResearchCache}', '{Schema.Scripts}', '{Schema.PipelineRuns}'] LOOP
            CONTINUE WHEN target = ANY (pg_catalog.string_to_array(pg_catalog.current_setting('{DropSetting}', true), ','));
            IF EXISTS (SELECT FROM {Table} WHERE table_name = target) THEN
              RAISE EXCEPTION 'Table {Schema.Name}.% was there before the migrations, so they do not drop it.', target
                USING HINT = 'Name it in the setting {DropSetting} (or in the options of the rollback) to drop it with its rows.';
            END IF;
            EXECUTE pg_catalog.format('LOCK TABLE {Schema.Name}.%I IN ACCESS EXCLUSIVE MODE', target);
            EXECUTE pg_catalog.format('SELECT EXISTS (SELECT FROM {Schema.Name}.%I)', target) INTO has_rows;
            IF has_rows THEN
              RAISE EXCEPTION 'Table {Schema.Name}.% has rows, so the migrations do not drop it.', target
                USING HINT = 'Name it in the setting {DropSetting} (or in the options of the rollback) to drop it with its rows.';
            END IF;
          END LOOP;
        END
        $guard$;
        """;
}

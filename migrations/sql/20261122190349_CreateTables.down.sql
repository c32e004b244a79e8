-- 20261122190349_CreateTables: written from the migration, see migrations/README.md.

START TRANSACTION ISOLATION LEVEL READ COMMITTED;
SET LOCAL lock_timeout = '5s';
DO $limits$
BEGIN
  PERFORM pg_catalog.set_config(s.name, '0', true) FROM pg_catalog.pg_settings AS s
  WHERE s.name OPERATOR(pg_catalog.=) ANY (ARRAY['statement_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout']);
END
$limits$;

SET LOCAL search_path = pg_catalog, pg_temp;

DO $drop$
DECLARE
  target text;
  has_rows boolean;
BEGIN
  FOREACH target IN ARRAY ARRAY['pipeline_runs', 'research_cache', 'scripts'] LOOP
    IF target = ANY (pg_catalog.string_to_array(pg_catalog.current_setting('ai_system_spec.drop_tables', true), ',')) THEN
      EXECUTE pg_catalog.format('DROP TABLE IF EXISTS public.%I', target);
      CONTINUE;
    END IF;
    -- A table that was there before the migrations is left as it is.
    CONTINUE WHEN EXISTS (SELECT FROM ai_system_spec.found_tables WHERE table_name = target);
    CONTINUE WHEN pg_catalog.to_regclass(pg_catalog.format('public.%I', target)) IS NULL;
    EXECUTE pg_catalog.format('LOCK TABLE public.%I IN ACCESS EXCLUSIVE MODE', target);
    EXECUTE pg_catalog.format('SELECT EXISTS (SELECT FROM public.%I)', target) INTO has_rows;
    IF has_rows THEN
      RAISE EXCEPTION 'Table public.% has rows, so the migrations do not drop it.', target
        USING HINT = 'Name it in the setting ai_system_spec.drop_tables (or in the options of the rollback) to drop it with its rows.';
    END IF;
    EXECUTE pg_catalog.format('DROP TABLE public.%I', target);
  END LOOP;
END
$drop$;

DROP TABLE ai_system_spec.found_tables;

-- The record of the migration.
DELETE FROM ai_system_spec.migrations_history
WHERE "MigrationId" = '20261122190349_CreateTables';

COMMIT;

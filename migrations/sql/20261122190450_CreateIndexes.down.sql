-- 20261122190450_CreateIndexes: written from the migration, see migrations/README.md.

SET lock_timeout = '60s';
DO $limits$
BEGIN
  PERFORM pg_catalog.set_config(s.name, '0', false) FROM pg_catalog.pg_settings AS s
  WHERE s.name OPERATOR(pg_catalog.=) ANY (ARRAY['statement_timeout', 'transaction_timeout']);
END
$limits$;

DROP INDEX CONCURRENTLY IF EXISTS public.ix_research_cache_topic_created_at;

DROP INDEX CONCURRENTLY IF EXISTS public.ix_scripts_created_at_id;

DROP INDEX CONCURRENTLY IF EXISTS public.ix_pipeline_runs_created_at_id;

DROP INDEX CONCURRENTLY IF EXISTS public.ix_pipeline_runs_run_id_created_at;

DROP INDEX CONCURRENTLY IF EXISTS public.ix_pipeline_runs_root_run_id_created_at;

-- The record of the migration.
DELETE FROM ai_system_spec.migrations_history
WHERE "MigrationId" = '20261122190450_CreateIndexes';

RESET lock_timeout;
DO $limits$
BEGIN
  PERFORM pg_catalog.set_config(s.name, s.reset_val, false) FROM pg_catalog.pg_settings AS s
  WHERE s.name OPERATOR(pg_catalog.=) ANY (ARRAY['statement_timeout', 'transaction_timeout']);
END
$limits$;

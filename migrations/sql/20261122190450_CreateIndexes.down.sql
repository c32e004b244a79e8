-- 20261122190450_CreateIndexes: written from the migration, see migrations/README.md.

SET lock_timeout = '60s';
SET statement_timeout = 0;
SELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings WHERE name = 'transaction_timeout';

DROP INDEX CONCURRENTLY IF EXISTS public.ix_research_cache_topic_created_at;

DROP INDEX CONCURRENTLY IF EXISTS public.ix_scripts_created_at_id;

DROP INDEX CONCURRENTLY IF EXISTS public.ix_pipeline_runs_created_at_id;

DROP INDEX CONCURRENTLY IF EXISTS public.ix_pipeline_runs_run_id_created_at;

DROP INDEX CONCURRENTLY IF EXISTS public.ix_pipeline_runs_root_run_id_created_at;

-- The record of the migration.
DELETE FROM ai_system_spec.migrations_history
WHERE "MigrationId" = '20261122190450_CreateIndexes';

RESET lock_timeout;
RESET statement_timeout;
SELECT pg_catalog.set_config(name, reset_val, false) FROM pg_catalog.pg_settings WHERE name = 'transaction_timeout';

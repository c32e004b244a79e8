-- 20261122190450_CreateIndexes: written from the migration, see migrations/README.md.

SET lock_timeout = '60s';
DO $limits$
BEGIN
  PERFORM pg_catalog.set_config(s.name, '0', false) FROM pg_catalog.pg_settings AS s
  WHERE s.name OPERATOR(pg_catalog.=) ANY (ARRAY['statement_timeout', 'transaction_timeout']);
END
$limits$;

DROP INDEX CONCURRENTLY IF EXISTS public.ix_research_cache_topic_created_at;

CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_research_cache_topic_created_at ON public.research_cache ((pg_catalog."left"(topic, 256)), created_at, id);

DROP INDEX CONCURRENTLY IF EXISTS public.ix_scripts_created_at_id;

CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_scripts_created_at_id ON public.scripts (created_at, id);

DROP INDEX CONCURRENTLY IF EXISTS public.ix_pipeline_runs_created_at_id;

CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_pipeline_runs_created_at_id ON public.pipeline_runs (created_at, id);

DROP INDEX CONCURRENTLY IF EXISTS public.ix_pipeline_runs_run_id_created_at;

CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_pipeline_runs_run_id_created_at ON public.pipeline_runs ((pg_catalog."left"(run_id, 256)) COLLATE pg_catalog."C", created_at, id);

DROP INDEX CONCURRENTLY IF EXISTS public.ix_pipeline_runs_root_run_id_created_at;

CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_pipeline_runs_root_run_id_created_at ON public.pipeline_runs ((pg_catalog."left"(input_refs OPERATOR(pg_catalog.->>) 'root_run_id', 256)), created_at, id) WHERE (input_refs OPERATOR(pg_catalog.->>) 'root_run_id') IS NOT NULL;

-- The record of the migration.
INSERT INTO ai_system_spec.migrations_history ("MigrationId", "ProductVersion", "Checksum")
VALUES ('20261122190450_CreateIndexes', '10.0.15', '3f3d712da761e345795646ea1089496b3f4474cc0bd81bcd5048685ee3ff8a24');

RESET lock_timeout;
DO $limits$
BEGIN
  PERFORM pg_catalog.set_config(s.name, s.reset_val, false) FROM pg_catalog.pg_settings AS s
  WHERE s.name OPERATOR(pg_catalog.=) ANY (ARRAY['statement_timeout', 'transaction_timeout']);
END
$limits$;

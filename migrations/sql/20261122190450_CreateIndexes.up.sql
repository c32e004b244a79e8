-- 20261122190450_CreateIndexes: written from the migration, see migrations/README.md.

DO $schema$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'ai_system_spec') THEN
    CREATE SCHEMA ai_system_spec;
  END IF;
END
$schema$;

CREATE TABLE IF NOT EXISTS ai_system_spec.migrations_history (
    "MigrationId" character varying(150) NOT NULL,
    "ProductVersion" character varying(32) NOT NULL,
    "Checksum" text,
    CONSTRAINT "PK_migrations_history" PRIMARY KEY ("MigrationId")
);

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
VALUES ('20261122190450_CreateIndexes', '10.0.15', 'b91d95011ede65e05bc952088a785365fc2531e56c7465f75bc39e628850e99e');

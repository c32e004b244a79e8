CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_pipeline_runs_run_id_created_at ON public.pipeline_runs ((pg_catalog."left"(run_id, 256)) COLLATE pg_catalog."C", created_at, id);

CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_pipeline_runs_created_at_id ON public.pipeline_runs (created_at, id);

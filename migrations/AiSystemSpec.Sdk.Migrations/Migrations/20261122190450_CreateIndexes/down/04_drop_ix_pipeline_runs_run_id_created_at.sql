DROP INDEX CONCURRENTLY IF EXISTS public.ix_pipeline_runs_run_id_created_at;

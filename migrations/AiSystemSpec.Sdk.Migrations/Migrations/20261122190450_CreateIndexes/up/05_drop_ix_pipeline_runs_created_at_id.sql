DROP INDEX CONCURRENTLY IF EXISTS public.ix_pipeline_runs_created_at_id;

CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_scripts_created_at_id ON public.scripts (created_at, id);

DROP INDEX CONCURRENTLY IF EXISTS public.ix_scripts_created_at_id;

DROP INDEX CONCURRENTLY IF EXISTS public.ix_research_cache_topic_created_at;

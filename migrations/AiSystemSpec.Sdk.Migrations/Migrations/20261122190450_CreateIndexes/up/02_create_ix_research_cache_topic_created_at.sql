CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_research_cache_topic_created_at ON public.research_cache ((pg_catalog."left"(topic, 256)), created_at, id);

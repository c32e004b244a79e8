CREATE TABLE public.research_cache (
    id uuid NOT NULL DEFAULT (gen_random_uuid()),
    topic text NOT NULL,
    content text,
    created_at timestamp with time zone DEFAULT (now()),
    CONSTRAINT research_cache_pkey PRIMARY KEY (id)
);

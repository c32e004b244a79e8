CREATE TABLE public.scripts (
    id uuid NOT NULL DEFAULT (gen_random_uuid()),
    content text,
    created_at timestamp with time zone DEFAULT (now()),
    CONSTRAINT scripts_pkey PRIMARY KEY (id)
);

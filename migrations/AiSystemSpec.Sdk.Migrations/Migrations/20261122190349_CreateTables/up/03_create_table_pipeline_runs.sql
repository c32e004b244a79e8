CREATE TABLE public.pipeline_runs (
    id uuid NOT NULL DEFAULT (gen_random_uuid()),
    run_id text,
    stage text,
    status text,
    attempts integer,
    input_refs jsonb,
    output_refs jsonb,
    error_summary text,
    metrics jsonb,
    created_at timestamp with time zone DEFAULT (now()),
    CONSTRAINT pipeline_runs_pkey PRIMARY KEY (id)
);

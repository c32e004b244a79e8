CREATE TABLE ai_system_spec.database_identity (
    id uuid NOT NULL DEFAULT pg_catalog.gen_random_uuid(),
    created_at timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT database_identity_pkey PRIMARY KEY (id)
);

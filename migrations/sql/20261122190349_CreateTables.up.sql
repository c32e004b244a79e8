-- 20261122190349_CreateTables: written from the migration, see migrations/README.md.

DO $schema$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'ai_system_spec') THEN
    CREATE SCHEMA ai_system_spec;
  END IF;
END
$schema$;

CREATE TABLE IF NOT EXISTS ai_system_spec.migrations_history (
    "MigrationId" character varying(150) NOT NULL,
    "ProductVersion" character varying(32) NOT NULL,
    "Checksum" pg_catalog.text,
    CONSTRAINT "PK_migrations_history" PRIMARY KEY ("MigrationId")
);

START TRANSACTION ISOLATION LEVEL READ COMMITTED;
SET LOCAL lock_timeout = '5s';
DO $limits$
BEGIN
  PERFORM pg_catalog.set_config(s.name, '0', true) FROM pg_catalog.pg_settings AS s
  WHERE s.name OPERATOR(pg_catalog.=) ANY (ARRAY['statement_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout']);
END
$limits$;

SET LOCAL search_path = pg_catalog, pg_temp;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM pg_namespace WHERE nspname = 'ai_system_spec') THEN
        CREATE SCHEMA ai_system_spec;
    END IF;
END $EF$;

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

CREATE TABLE public.research_cache (
    id uuid NOT NULL DEFAULT (gen_random_uuid()),
    topic text NOT NULL,
    content text,
    created_at timestamp with time zone DEFAULT (now()),
    CONSTRAINT research_cache_pkey PRIMARY KEY (id)
);

CREATE TABLE public.scripts (
    id uuid NOT NULL DEFAULT (gen_random_uuid()),
    content text,
    created_at timestamp with time zone DEFAULT (now()),
    CONSTRAINT scripts_pkey PRIMARY KEY (id)
);

DO $close$
DECLARE
  target text;
  public_role text;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname IN ('anon', 'authenticated', 'service_role')) THEN
    RETURN; -- not a Supabase database
  END IF;
  FOREACH target IN ARRAY ARRAY['research_cache', 'scripts', 'pipeline_runs'] LOOP
    EXECUTE pg_catalog.format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', target);
    EXECUTE pg_catalog.format('REVOKE ALL ON TABLE public.%I FROM PUBLIC', target);
    FOR public_role IN SELECT rolname FROM pg_catalog.pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
      EXECUTE pg_catalog.format('REVOKE ALL ON TABLE public.%I FROM %I', target, public_role);
    END LOOP;
    IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'service_role') THEN
      EXECUTE pg_catalog.format('GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.%I TO service_role', target);
      EXECUTE pg_catalog.format('DROP POLICY IF EXISTS service_role_all ON public.%I', target);
      EXECUTE pg_catalog.format('CREATE POLICY service_role_all ON public.%I FOR ALL TO service_role USING (true) WITH CHECK (true)', target);
    END IF;
  END LOOP;
END
$close$;

CREATE TABLE ai_system_spec.found_tables (table_name text NOT NULL CONSTRAINT found_tables_pkey PRIMARY KEY);

-- The record of the migration.
INSERT INTO ai_system_spec.migrations_history ("MigrationId", "ProductVersion", "Checksum")
VALUES ('20261122190349_CreateTables', '10.0.15', 'feb16eb59eea554a715498151371954f4bb41340dbf075afafc108df52c8f305');

COMMIT;

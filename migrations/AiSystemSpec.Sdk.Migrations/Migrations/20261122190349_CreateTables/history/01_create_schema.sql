DO $schema$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'ai_system_spec') THEN
    CREATE SCHEMA ai_system_spec;
  END IF;
END
$schema$;

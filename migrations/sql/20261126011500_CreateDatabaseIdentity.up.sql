-- 20261126011500_CreateDatabaseIdentity: written from the migration, see migrations/README.md.

START TRANSACTION ISOLATION LEVEL READ COMMITTED;
SET LOCAL lock_timeout = '5s';
DO $limits$
BEGIN
  PERFORM pg_catalog.set_config(s.name, '0', true) FROM pg_catalog.pg_settings AS s
  WHERE s.name OPERATOR(pg_catalog.=) ANY (ARRAY['statement_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout']);
END
$limits$;

SET LOCAL search_path = pg_catalog, pg_temp;

CREATE TABLE ai_system_spec.database_identity (
    id uuid NOT NULL DEFAULT pg_catalog.gen_random_uuid(),
    created_at timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT database_identity_pkey PRIMARY KEY (id)
);

CREATE UNIQUE INDEX database_identity_one_row ON ai_system_spec.database_identity ((true));

INSERT INTO ai_system_spec.database_identity DEFAULT VALUES;

DO $close$
DECLARE
  public_role text;
BEGIN
  REVOKE ALL ON TABLE ai_system_spec.database_identity FROM PUBLIC;
  FOR public_role IN SELECT rolname FROM pg_catalog.pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
    EXECUTE pg_catalog.format('REVOKE ALL ON TABLE ai_system_spec.database_identity FROM %I', public_role);
  END LOOP;
END
$close$;

-- The record of the migration.
INSERT INTO ai_system_spec.migrations_history ("MigrationId", "ProductVersion", "Checksum")
VALUES ('20261126011500_CreateDatabaseIdentity', '10.0.15', 'acb2170c0bd0363ebc2237b9e503ba9bfbaae737e93f74feb6ac81dba2278e9a');

COMMIT;

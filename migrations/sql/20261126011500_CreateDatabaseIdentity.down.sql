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

DROP TABLE ai_system_spec.database_identity;

-- The record of the migration.
DELETE FROM ai_system_spec.migrations_history
WHERE "MigrationId" = '20261126011500_CreateDatabaseIdentity';

COMMIT;

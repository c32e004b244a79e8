-- 20261126011500_CreateDatabaseIdentity: written from the migration, see migrations/README.md.

START TRANSACTION;
SET LOCAL lock_timeout = '5s';

SET LOCAL search_path = pg_catalog, pg_temp;

DROP TABLE ai_system_spec.database_identity;

-- The record of the migration.
DELETE FROM ai_system_spec.migrations_history
WHERE "MigrationId" = '20261126011500_CreateDatabaseIdentity';

COMMIT;

CREATE TABLE IF NOT EXISTS ai_system_spec.migrations_history (
    "MigrationId" character varying(150) NOT NULL,
    "ProductVersion" character varying(32) NOT NULL,
    "Checksum" pg_catalog.text,
    CONSTRAINT "PK_migrations_history" PRIMARY KEY ("MigrationId")
);

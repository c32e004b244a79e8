INSERT INTO ai_system_spec.database_identity DEFAULT VALUES;

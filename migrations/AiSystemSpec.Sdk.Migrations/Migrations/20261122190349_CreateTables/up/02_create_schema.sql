DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM pg_namespace WHERE nspname = 'ai_system_spec') THEN
        CREATE SCHEMA ai_system_spec;
    END IF;
END $EF$;

DROP TABLE ai_system_spec.database_identity;

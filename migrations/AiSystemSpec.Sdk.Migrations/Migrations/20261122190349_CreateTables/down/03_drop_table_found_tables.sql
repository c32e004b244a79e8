DROP TABLE ai_system_spec.found_tables;

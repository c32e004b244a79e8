CREATE TABLE ai_system_spec.found_tables (table_name text NOT NULL CONSTRAINT found_tables_pkey PRIMARY KEY);

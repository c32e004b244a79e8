CREATE UNIQUE INDEX database_identity_one_row ON ai_system_spec.database_identity ((true));

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

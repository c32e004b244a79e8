DO $close$
DECLARE
  target text;
  public_role text;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname IN ('anon', 'authenticated', 'service_role')) THEN
    RETURN; -- not a Supabase database
  END IF;
  FOREACH target IN ARRAY ARRAY['research_cache', 'scripts', 'pipeline_runs'] LOOP
    EXECUTE pg_catalog.format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', target);
    EXECUTE pg_catalog.format('REVOKE ALL ON TABLE public.%I FROM PUBLIC', target);
    FOR public_role IN SELECT rolname FROM pg_catalog.pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
      EXECUTE pg_catalog.format('REVOKE ALL ON TABLE public.%I FROM %I', target, public_role);
    END LOOP;
    IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'service_role') THEN
      EXECUTE pg_catalog.format('GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.%I TO service_role', target);
      EXECUTE pg_catalog.format('DROP POLICY IF EXISTS service_role_all ON public.%I', target);
      EXECUTE pg_catalog.format('CREATE POLICY service_role_all ON public.%I FOR ALL TO service_role USING (true) WITH CHECK (true)', target);
    END IF;
  END LOOP;
END
$close$;

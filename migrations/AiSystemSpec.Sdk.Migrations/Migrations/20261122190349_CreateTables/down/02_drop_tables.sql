DO $drop$
DECLARE
  target text;
  has_rows boolean;
BEGIN
  FOREACH target IN ARRAY ARRAY['pipeline_runs', 'research_cache', 'scripts'] LOOP
    IF target = ANY (pg_catalog.string_to_array(pg_catalog.current_setting('ai_system_spec.drop_tables', true), ',')) THEN
      EXECUTE pg_catalog.format('DROP TABLE IF EXISTS public.%I', target);
      CONTINUE;
    END IF;
    -- A table that was there before the migrations is left as it is.
    CONTINUE WHEN EXISTS (SELECT FROM ai_system_spec.found_tables WHERE table_name = target);
    CONTINUE WHEN pg_catalog.to_regclass(pg_catalog.format('public.%I', target)) IS NULL;
    EXECUTE pg_catalog.format('LOCK TABLE public.%I IN ACCESS EXCLUSIVE MODE', target);
    EXECUTE pg_catalog.format('SELECT EXISTS (SELECT FROM public.%I)', target) INTO has_rows;
    IF has_rows THEN
      RAISE EXCEPTION 'Table public.% has rows, so the migrations do not drop it.', target
        USING HINT = 'Name it in the setting ai_system_spec.drop_tables (or in the options of the rollback) to drop it with its rows.';
    END IF;
    EXECUTE pg_catalog.format('DROP TABLE public.%I', target);
  END LOOP;
END
$drop$;

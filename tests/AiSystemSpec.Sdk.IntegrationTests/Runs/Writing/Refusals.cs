namespace AiSystemSpec.Sdk.IntegrationTests.Runs.Writing;

/// <summary>Ways in which a database refuses the rows whose stage is <c>bad</c>.</summary>
internal static class Refusals
{
    public const string Check = "ALTER TABLE public.pipeline_runs ADD CHECK (stage <> 'bad')";

    public const string Domain = "CREATE DOMAIN public.good_stage AS text CHECK (VALUE <> 'bad'); ALTER TABLE public.pipeline_runs ALTER COLUMN stage TYPE public.good_stage";

    /// <summary>For roles that are not the owner.</summary>
    public const string Policy =
        """
        ALTER TABLE public.pipeline_runs ENABLE ROW LEVEL SECURITY;
        DO $$ DECLARE old record; BEGIN
            FOR old IN SELECT polname FROM pg_policy WHERE polrelid = 'public.pipeline_runs'::regclass LOOP
                EXECUTE format('DROP POLICY %I ON public.pipeline_runs', old.polname);
            END LOOP; END $$;
        CREATE POLICY good ON public.pipeline_runs USING (true) WITH CHECK (stage <> 'bad')
        """;

    /// <summary>A trigger that does something about a bad row.</summary>
    public static string Trigger(string body, string condition = "NEW.stage = 'bad'") =>
        $"""
        CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN {body}; END IF; RETURN NEW; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON public.pipeline_runs FOR EACH ROW EXECUTE FUNCTION public.refuse()
        """;

    public static string Raise(string errorCode, string condition = "NEW.stage = 'bad'") => Trigger($"RAISE EXCEPTION 'refused' USING ERRCODE = '{errorCode}'", condition);
}

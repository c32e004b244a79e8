namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>The forms of database that are found in the field, each with rows in it.</summary>
internal static class FieldDatabases
{
    private const string Canonical = """
        CREATE TABLE public.research_cache (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), topic text NOT NULL, content text, created_at timestamptz DEFAULT now());
        CREATE TABLE public.scripts (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), content text, created_at timestamptz DEFAULT now());
        CREATE TABLE public.pipeline_runs (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), run_id text, stage text, status text, attempts int, input_refs jsonb, output_refs jsonb,
          error_summary text, metrics jsonb, created_at timestamptz DEFAULT now());
        INSERT INTO public.research_cache (topic, content) VALUES ('system', 'System Boot'), ('a', 'one');
        INSERT INTO public.scripts (content) VALUES ('{"title": 1}'), ('plain');
        INSERT INTO public.pipeline_runs (run_id, stage, status) VALUES ('r:research:1', 'research', 'success');
        """;

    /// <summary>Those that can be adopted: what is made of the canonical form.</summary>
    public static readonly IReadOnlyDictionary<string, string> Adoptable = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["canonical"] = "",
        ["content NOT NULL"] = "ALTER TABLE public.research_cache ALTER content SET NOT NULL; ALTER TABLE public.scripts ALTER content SET NOT NULL",
        ["pipeline_runs missing"] = "DROP TABLE public.pipeline_runs",
        ["extra columns and tables"] = """
            ALTER TABLE public.research_cache ADD deep_analysis jsonb, ADD raw_transcript text, ADD updated_at timestamptz DEFAULT now();
            CREATE TABLE public.videos (id int); INSERT INTO public.videos VALUES (1);
            CREATE SCHEMA analytics; CREATE TABLE analytics."Weekly report" (id int, body text); INSERT INTO analytics."Weekly report" VALUES (1, 'kept')
            """,
        ["unique topic"] = "CREATE UNIQUE INDEX topic_unique ON public.research_cache (topic)",
        ["unique topic, partial"] = "CREATE UNIQUE INDEX topic_unique ON public.research_cache (topic) WHERE topic <> 'system'",
        ["unique topic, expression"] = "CREATE UNIQUE INDEX topic_unique ON public.research_cache (lower(topic))",
        ["duplicates of a topic"] = "INSERT INTO public.research_cache (topic, content) VALUES ('a', 'two'), ('a', NULL), ('a', '')",
        ["refreshed by Python"] = "ALTER TABLE public.research_cache ADD updated_at timestamptz; UPDATE public.research_cache SET updated_at = now(), created_at = now() - interval '30 days'",
        ["other statuses"] = "INSERT INTO public.pipeline_runs (run_id, status) VALUES ('r', 'warning'), ('r', NULL), ('r', 'whatever it was')",
        ["spellings of a run"] = """INSERT INTO public.pipeline_runs (run_id, stage, input_refs, metrics) VALUES ('r2:qa:1', 'qa', '{"root_run_id": "r2"}', '{"latency": 0}')""",
        ["content of any kind"] = """
            INSERT INTO public.research_cache (topic, content) VALUES ('json', '{"summary": "s"}'), ('plain', 'text'), ('empty', ''), ('none', NULL);
            INSERT INTO public.scripts (content) VALUES ('[1, 2]'), (''), (NULL)
            """,
        ["varchar"] = "ALTER TABLE public.pipeline_runs ALTER run_id TYPE varchar, ALTER stage TYPE varchar",
        ["key named otherwise"] = "ALTER TABLE public.scripts DROP CONSTRAINT scripts_pkey; ALTER TABLE public.scripts ADD CONSTRAINT pk_of_mine PRIMARY KEY (id)",
        ["another default"] = "ALTER TABLE public.scripts ALTER created_at SET DEFAULT clock_timestamp()",
        ["another application's history"] = """CREATE TABLE public."__EFMigrationsHistory" ("MigrationId" text PRIMARY KEY, "ProductVersion" text); INSERT INTO public."__EFMigrationsHistory" VALUES ('1_Theirs', '8.0.0')""",
    };

    /// <summary>Those that cannot: what is made of the canonical form, and what the refusal must name.</summary>
    public static readonly IReadOnlyDictionary<string, (string Sql, string Named)> Impossible = new Dictionary<string, (string, string)>(StringComparer.Ordinal)
    {
        ["made by hand"] = ("ALTER TABLE public.pipeline_runs ALTER metrics TYPE json, ALTER attempts TYPE smallint, ALTER created_at TYPE timestamp, ALTER stage TYPE varchar(20)", "public.pipeline_runs.metrics: found type json, expected jsonb"),
        ["json"] = ("ALTER TABLE public.pipeline_runs ALTER metrics TYPE json", "public.pipeline_runs.metrics: found type json, expected jsonb"),
        ["varchar(50)"] = ("ALTER TABLE public.pipeline_runs ALTER stage TYPE varchar(50)", "public.pipeline_runs.stage: found type character varying(50), expected text"),
        ["smallint"] = ("ALTER TABLE public.pipeline_runs ALTER attempts TYPE smallint", "public.pipeline_runs.attempts: found type smallint, expected integer"),
        ["timestamp without time zone"] = ("ALTER TABLE public.pipeline_runs ALTER created_at TYPE timestamp", "public.pipeline_runs.created_at: found type timestamp without time zone"),
        ["column missing"] = ("ALTER TABLE public.pipeline_runs DROP COLUMN error_summary", "public.pipeline_runs.error_summary: found no such column"),
        ["no default"] = ("ALTER TABLE public.scripts ALTER created_at DROP DEFAULT", "public.scripts.created_at: found no default"),
        ["no key"] = ("ALTER TABLE public.scripts DROP CONSTRAINT scripts_pkey", "public.scripts: found no primary key"),
        ["refuses NULL"] = ("ALTER TABLE public.pipeline_runs ALTER error_summary SET NOT NULL", "public.pipeline_runs.error_summary: found NOT NULL"),
        ["extra column refuses rows"] = ("ALTER TABLE public.scripts ADD owner text NOT NULL DEFAULT ''; ALTER TABLE public.scripts ALTER owner DROP DEFAULT", "public.scripts.owner"),
        ["view"] = ("DROP TABLE public.scripts; CREATE VIEW public.scripts AS SELECT 1 AS id", "public.scripts: found a view"),
    };

    /// <summary>The canonical form, with no NULL where a form below has NOT NULL, and then the change.</summary>
    public static string Sql(string change) =>
        $"{Canonical} UPDATE public.pipeline_runs SET error_summary = 'none', input_refs = '{{}}'; {change}";
}

using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;

/// <summary>
/// Into databases whose <c>search_path</c> begins with a schema full of traps: tables of our names, types that take no value, and a
/// function that fails behind the name of nearly every one of PostgreSQL's.
/// </summary>
internal sealed class HostileSearchPathRoute : IRoute
{
    // What Npgsql itself calls by its bare name while it connects.
    private const string Spared = "'version', 'current_setting'";

    private const string Traps = $"""
        CREATE SCHEMA evil;
        GRANT USAGE ON SCHEMA evil TO PUBLIC;
        CREATE FUNCTION evil.spring() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the search_path decided: table %', tg_table_name; END $$;
        CREATE TABLE evil.research_cache (id uuid, topic text, content text, created_at timestamptz DEFAULT pg_catalog.now());
        CREATE TABLE evil.scripts (id uuid, content text, created_at timestamptz DEFAULT pg_catalog.now());
        CREATE TABLE evil.pipeline_runs (id uuid, run_id text, stage text, status text, created_at timestamptz DEFAULT pg_catalog.now());
        INSERT INTO evil.research_cache SELECT pg_catalog.gen_random_uuid(), 'evil', 'evil';
        INSERT INTO evil.scripts SELECT pg_catalog.gen_random_uuid(), 'evil';
        INSERT INTO evil.pipeline_runs SELECT pg_catalog.gen_random_uuid(), 'evil';
        CREATE TRIGGER spring BEFORE INSERT OR UPDATE OR DELETE ON evil.research_cache FOR EACH STATEMENT EXECUTE FUNCTION evil.spring();
        CREATE TRIGGER spring BEFORE INSERT OR UPDATE OR DELETE ON evil.scripts FOR EACH STATEMENT EXECUTE FUNCTION evil.spring();
        CREATE TRIGGER spring BEFORE INSERT OR UPDATE OR DELETE ON evil.pipeline_runs FOR EACH STATEMENT EXECUTE FUNCTION evil.spring();
        GRANT ALL ON ALL TABLES IN SCHEMA evil TO PUBLIC;
        CREATE DOMAIN evil.uuid AS pg_catalog.uuid CHECK (false);
        CREATE DOMAIN evil.text AS pg_catalog.text CHECK (false);
        CREATE DOMAIN evil.jsonb AS pg_catalog.jsonb CHECK (false);
        CREATE DOMAIN evil.timestamptz AS pg_catalog.timestamptz CHECK (false);
        CREATE DOMAIN evil.regclass AS pg_catalog.regclass CHECK (false);
        CREATE DOMAIN evil.tid AS pg_catalog.tid CHECK (false);
        DO $$
        DECLARE found record;
        BEGIN
          FOR found IN
            SELECT p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid) AS arguments, pg_catalog.pg_get_function_result(p.oid) AS result
            FROM pg_catalog.pg_proc p
            WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f' AND p.proname NOT IN ({Spared})
          LOOP
            BEGIN
              EXECUTE pg_catalog.format(
                'CREATE FUNCTION evil.%I(%s) RETURNS %s LANGUAGE plpgsql AS $trap$ BEGIN RAISE EXCEPTION %L; END $trap$',
                found.proname, found.arguments, found.result, 'the search_path decided: function ' || found.proname);
            EXCEPTION WHEN OTHERS THEN
              NULL; -- internal types and the like: nobody can make such a function
            END;
          END LOOP;
        END $$;
        """;

    public Task PrepareTemplateAsync(string template, bool hasTables) => Sql.ExecuteAsync(template, Traps);

    // Belongs to the database's name, so no copy has it.
    public Task PrepareAsync(string database) =>
        Sql.ExecuteAsync(database, $"ALTER DATABASE \"{new NpgsqlConnectionStringBuilder(database).Database}\" SET search_path = evil, pg_catalog, public");

    public string Take(string direct) => direct;

    // What tests do beside is written for the usual path.
    public string Leave(string taken) => new NpgsqlConnectionStringBuilder(taken) { SearchPath = "public" }.ConnectionString;
}

using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using AiSystemSpec.Sdk.Migrations;
using AiSystemSpec.Sdk.Retention;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Retention;

/// <summary>Rows and tables that the database does not let go: the rest goes on, and the result says everything.</summary>
public sealed class PurgeRefusalTests : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private const int Scripts = 100;
    private const int Runs = 2_000;

    private static readonly RetentionOptions Options = new() { ScriptAge = TimeSpan.FromDays(30), RunAge = TimeSpan.FromDays(30), Pause = TimeSpan.Zero };

    // Of the script with content 17, and what becomes of the others.
    private static readonly Dictionary<string, (string Sql, string? SqlState)> Refusals = new(StringComparer.Ordinal)
    {
        ["foreign key"] = ("CREATE TABLE public.host (script uuid REFERENCES public.scripts (id)); INSERT INTO public.host SELECT id FROM public.scripts WHERE content = '17'", "23503"),
        ["foreign key, at the end of the transaction"] =
            ("CREATE TABLE public.host (script uuid REFERENCES public.scripts (id) DEFERRABLE INITIALLY DEFERRED); INSERT INTO public.host SELECT id FROM public.scripts WHERE content = '17'", "23503"),
        ["foreign key that would empty a column that may not be"] =
            ("CREATE TABLE public.host (script uuid NOT NULL REFERENCES public.scripts (id) ON DELETE SET NULL); INSERT INTO public.host SELECT id FROM public.scripts WHERE content = '17'", "23502"),
        ["trigger that raises"] = (Trigger("IF OLD.content = '17' THEN RAISE EXCEPTION 'keep it'; END IF; RETURN OLD;"), "P0001"),
        ["trigger that raises a code of rights"] = (Trigger("IF OLD.content = '17' THEN RAISE EXCEPTION 'keep it' USING ERRCODE = 'insufficient_privilege'; END IF; RETURN OLD;"), "42501"),
        ["trigger that raises a code of a table"] = (Trigger("IF OLD.content = '17' THEN RAISE EXCEPTION 'keep it' USING ERRCODE = '55000'; END IF; RETURN OLD;"), "55000"),
        ["trigger that fails"] = (Trigger("PERFORM 1 / (OLD.content::int - 17); RETURN OLD;"), "22012"),
        ["trigger that keeps the row silently"] = (Trigger("IF OLD.content = '17' THEN RETURN NULL; END IF; RETURN OLD;"), null),
    };

    private string _database = string.Empty;

    public static TheoryData<string> Names => [.. Refusals.Keys];

    public async Task InitializeAsync()
    {
        _database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(
            _database,
            $"""
            INSERT INTO public.scripts (content, created_at) SELECT n::text, now() - interval '1 year' + n * interval '1 second' FROM generate_series(1, {Scripts}) AS n;
            INSERT INTO public.pipeline_runs (run_id, status, created_at) SELECT n::text, 'success', now() - interval '1 year' FROM generate_series(1, {Runs}) AS n
            """);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Row_that_is_refused_is_left_and_counted_and_the_rest_goes(string refusal)
    {
        var (sql, state) = Refusals[refusal];
        await Sql.ExecuteAsync(_database, sql);

        var result = await PurgeAsync(_database);
        var again = await PurgeAsync(_database);

        Assert.Equal((Scripts - 1, Runs), (result.ScriptRows, result.RunRows));
        var skipped = Assert.Single(result.Skipped);
        Assert.Equal(("public.scripts", 1L, state), (skipped.Table, skipped.Rows, skipped.SqlState));
        Assert.Equal("17", await Sql.ScalarAsync<string>(_database, "SELECT string_agg(content, ',') FROM public.scripts"));
        Assert.Equal((0L, 1L), (again.TotalRows, Assert.Single(again.Skipped).Rows));
    }

    [Fact]
    public async Task Rows_that_are_all_refused_end_a_purge_and_are_counted()
    {
        await Sql.ExecuteAsync(_database, "CREATE TABLE public.host (script uuid REFERENCES public.scripts (id)); INSERT INTO public.host SELECT id FROM public.scripts");

        var result = await PurgeAsync(_database);

        Assert.Equal((0L, Runs), (result.ScriptRows, result.RunRows));
        Assert.Equal(Scripts, Assert.Single(result.Skipped).Rows);
    }

    [Fact]
    public async Task Referenced_rows_between_others_are_found_each()
    {
        await Sql.ExecuteAsync(_database, "CREATE TABLE public.host (script uuid REFERENCES public.scripts (id)); INSERT INTO public.host SELECT id FROM public.scripts WHERE content::int % 3 = 0");

        var result = await PurgeAsync(_database);

        Assert.Equal((67L, 33L), (result.ScriptRows, Assert.Single(result.Skipped).Rows));
        Assert.Equal(33L, await Sql.ScalarAsync<long>(_database, "SELECT count(*) FROM public.scripts WHERE content::int % 3 = 0"));
    }

    [Fact]
    public async Task Rows_that_row_level_security_hides_or_keeps_are_left_and_those_that_were_found_are_counted()
    {
        await using var role = await TestRole.CreateAsync(_database, GrantKind.App);
        await Sql.ExecuteAsync(
            _database,
            $"""
            ALTER TABLE public.scripts ENABLE ROW LEVEL SECURITY;
            DROP POLICY IF EXISTS app_{role.Name} ON public.scripts; -- which the grant made where row level security was on before
            CREATE POLICY see ON public.scripts FOR SELECT TO {role.Name} USING (pg_catalog.int4gt(content::pg_catalog.int4, 10));
            CREATE POLICY lock ON public.scripts FOR UPDATE TO {role.Name} USING (true);
            CREATE POLICY remove ON public.scripts FOR DELETE TO {role.Name} USING (pg_catalog.int4gt(content::pg_catalog.int4, 30))
            """);

        var result = await PurgeAsync(role.ConnectionString);

        Assert.Equal((70L, Runs), (result.ScriptRows, result.RunRows));
        var skipped = Assert.Single(result.Skipped);
        Assert.Equal((20L, null), (skipped.Rows, skipped.SqlState)); // ten are hidden from this role, as if they were not there
        Assert.Contains("row level security", skipped.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limit_on_the_time_of_a_statement_makes_batches_smaller_and_does_not_reach_the_reading()
    {
        await using var role = await TestRole.CreateAsync(_database, GrantKind.App);
        await Sql.ExecuteAsync(
            _database,
            $"""
            ALTER ROLE {role.Name} SET statement_timeout = '300ms';
            ALTER TABLE public.scripts ENABLE ROW LEVEL SECURITY;
            DROP POLICY IF EXISTS app_{role.Name} ON public.scripts;
            CREATE POLICY slow ON public.scripts TO {role.Name} USING (pg_catalog.current_query() OPERATOR(pg_catalog.~~) '%DELETE%' OR pg_catalog.pg_sleep(0.005) IS NOT NULL);
            {Trigger("PERFORM pg_sleep(0.01); RETURN OLD;")}
            """);

        var result = await PurgeAsync(role.ConnectionString);

        Assert.Equal((Scripts, Runs), (result.ScriptRows, result.RunRows));
        Assert.Empty(result.Skipped);
        Assert.True(result.Batches > 3, $"{result.Batches} batches");
    }

    [Theory]
    [InlineData("ALTER TABLE public.scripts DROP CONSTRAINT scripts_pkey; CREATE PUBLICATION everything FOR TABLE public.scripts", "55000", "REPLICA IDENTITY")]
    [InlineData("REVOKE DELETE ON public.scripts FROM {0}", "42501", "permission denied")]
    [InlineData("DROP TABLE public.scripts", "42P01", "does not exist")]
    public async Task Table_that_refuses_every_row_is_given_up_at_once_and_the_others_are_purged(string sql, string state, string words)
    {
        await using var role = await TestRole.CreateAsync(_database, GrantKind.App);
        await Sql.ExecuteAsync(_database, string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, role.Name));
        var time = new CountingTime();
        await using var source = NpgsqlDataSource.Create(role.ConnectionString);
        await using var database = new Database(source, ownsDataSource: false, commandTimeout: null, time);

        var error = await Assert.ThrowsAsync<RetentionException>(() => new Purger(database, TimeProvider.System, NullLogger.Instance).PurgeAsync(Options));

        Assert.Equal(Runs, error.Result.RunRows);
        Assert.Equal(("public.scripts", 0L, state), (Assert.Single(error.Result.Skipped).Table, error.Result.Skipped[0].Rows, error.Result.Skipped[0].SqlState));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Empty(time.Waits); // not tried again
    }

    [Fact]
    public async Task Batch_whose_commit_had_no_answer_is_counted()
    {
        // Directly: behind a pooler the client does not lose its connection with the server's.
        await using var gate = new StatementGate(TestRoute.Direct(_database), ["COMMIT"], stopAt: 0, afterwards: true);
        var purge = PurgeAsync(gate.ConnectionString);
        Assert.Same(gate.Reached, await Task.WhenAny(gate.Reached, purge));
        await Sql.ExecuteAsync(_database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE 'COMMIT%' AND pid <> pg_backend_pid()");

        var result = await purge;

        Assert.Equal((Scripts, Runs), (result.ScriptRows, result.RunRows));
        Assert.Empty(result.Skipped);
    }

    private static string Trigger(string body) =>
        $"CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $f$ BEGIN {body} END $f$; CREATE TRIGGER refuse BEFORE DELETE ON public.scripts FOR EACH ROW EXECUTE FUNCTION public.refuse()";

    private static async Task<RetentionResult> PurgeAsync(string database)
    {
        await using var sdk = HostServices.Over(database);
        return await sdk.Services.GetRequiredService<IRetention>().PurgeAsync(Options);
    }
}

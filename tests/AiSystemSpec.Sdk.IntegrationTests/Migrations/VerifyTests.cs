using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Migrations;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

public sealed class VerifyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task VerifyAsync_of_a_migrated_database_finds_nothing()
    {
        var report = await VerifyAsync(postgres.ConnectionString);

        Assert.Empty(report.Findings);
        Assert.True(report.IsMatch);
    }

    [Theory]
    [InlineData("ALTER TABLE public.pipeline_runs ALTER attempts TYPE bigint", FindingSeverity.Warning, "public.pipeline_runs.attempts")]
    [InlineData("ALTER TABLE public.pipeline_runs ALTER attempts TYPE smallint", FindingSeverity.Error, "public.pipeline_runs.attempts")]
    [InlineData("ALTER TABLE public.scripts ALTER created_at SET DEFAULT current_date - 1", FindingSeverity.Error, "public.scripts.created_at")]
    [InlineData("ALTER TABLE public.scripts ALTER created_at SET DEFAULT timezone('utc', now())", FindingSeverity.Warning, "public.scripts.created_at")]
    [InlineData("ALTER TABLE public.scripts SET UNLOGGED", FindingSeverity.Warning, "public.scripts")]
    [InlineData("ALTER TABLE public.research_cache ADD CONSTRAINT one UNIQUE (topic) DEFERRABLE", FindingSeverity.Error, "public.one")]
    [InlineData("ALTER TABLE public.scripts DROP CONSTRAINT scripts_pkey; CREATE UNIQUE INDEX mine ON public.scripts (id); CREATE PUBLICATION all_of_it FOR ALL TABLES", FindingSeverity.Error, "public.scripts")]
    [InlineData("ALTER TABLE public.pipeline_runs ADD CONSTRAINT none CHECK (status IN ('done'))", FindingSeverity.Error, "public.pipeline_runs.none")]
    [InlineData("ALTER TABLE public.pipeline_runs ADD CONSTRAINT four CHECK (status IN ('success', 'failure', 'retry', 'skipped'))", FindingSeverity.Compatible, "public.pipeline_runs.four")]
    [InlineData("CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER dropped BEFORE INSERT ON public.scripts FOR EACH ROW EXECUTE FUNCTION public.f()", FindingSeverity.Warning, "public.scripts.dropped")]
    [InlineData("CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER told AFTER INSERT ON public.scripts FOR EACH ROW EXECUTE FUNCTION public.f()", FindingSeverity.Information, "public.scripts.told")]
    [InlineData("DROP TABLE public.scripts", FindingSeverity.Error, "public.scripts")]
    [InlineData("UPDATE ai_system_spec.migrations_history SET \"Checksum\" = 'other'", FindingSeverity.Error, MigrationIds.CreateTables)]
    [InlineData("ALTER TABLE public.research_cache ALTER topic DROP NOT NULL", FindingSeverity.Warning, "public.research_cache.topic")]
    [InlineData("DROP INDEX public.ix_scripts_created_at_id", FindingSeverity.Warning, "public.ix_scripts_created_at_id")]
    [InlineData("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.ix_scripts_created_at_id'::regclass", FindingSeverity.Warning, "public.ix_scripts_created_at_id")]
    [InlineData("DROP INDEX public.ix_scripts_created_at_id; CREATE INDEX ix_scripts_created_at_id ON public.scripts (id)", FindingSeverity.Warning, "public.ix_scripts_created_at_id")]
    [InlineData("CREATE INDEX long_topics_fail ON public.research_cache (topic)", FindingSeverity.Warning, "public.long_topics_fail")]
    [InlineData("ALTER TABLE public.pipeline_runs ADD CONSTRAINT four CHECK (status IN ('success'))", FindingSeverity.Warning, "public.pipeline_runs.four")]
    [InlineData("CREATE UNIQUE INDEX one_stage ON public.pipeline_runs (run_id, stage)", FindingSeverity.Warning, "public.one_stage")]
    [InlineData("INSERT INTO ai_system_spec.migrations_history VALUES ('29990101000000_Newer', '99.0.0', NULL)", FindingSeverity.Warning, "29990101000000_Newer")]
    [InlineData("CREATE UNIQUE INDEX one_topic ON public.research_cache (topic)", FindingSeverity.Compatible, "public.one_topic")]
    [InlineData("ALTER TABLE public.research_cache ADD updated_at timestamptz", FindingSeverity.Information, "public.research_cache.updated_at")]
    [InlineData("INSERT INTO public.pipeline_runs (run_id, status) VALUES ('r', 'warning')", FindingSeverity.Information, "public.pipeline_runs.status")]
    public async Task VerifyAsync_after_a_change_finds_it_and_its_SQL_mends_it(string change, FindingSeverity severity, string subject)
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, change);

        var report = await VerifyAsync(database);

        var finding = Assert.Single(report.Findings, finding => finding.Subject == subject && finding.Severity == severity);
        Assert.Equal(severity != FindingSeverity.Error, report.IsMatch);
        if (finding.FixSql is { } mend)
        {
            foreach (var statement in mend.Contains('$', StringComparison.Ordinal) ? [mend] : mend.Split('\n'))
            {
                await Sql.ExecuteAsync(database, statement);
            }

            Assert.DoesNotContain((await VerifyAsync(database)).Findings, again => again.Subject == subject && again.Severity == severity);
        }
    }

    [Fact]
    public async Task VerifyAsync_runs_no_function_that_a_table_brings_along()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, """
            CREATE TABLE public.seen (n int);
            CREATE FUNCTION public.mine() RETURNS timestamptz LANGUAGE plpgsql VOLATILE AS 'BEGIN RAISE EXCEPTION ''this was run''; END';
            ALTER TABLE public.scripts ALTER created_at SET DEFAULT public.mine();
            CREATE FUNCTION public.allowed(text) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RAISE EXCEPTION ''this was run''; END';
            ALTER TABLE public.pipeline_runs ADD CONSTRAINT allowed CHECK (public.allowed(status)) NOT VALID
            """);

        var report = await VerifyAsync(database);

        Assert.Contains(report.Findings, finding => finding is { Subject: "public.scripts.created_at", Severity: FindingSeverity.Warning, Query: not null } && finding.Found.Contains("was not looked at", StringComparison.Ordinal));
        Assert.Contains(report.Findings, finding => finding is { Subject: "public.pipeline_runs.allowed", Severity: FindingSeverity.Warning });
        Assert.DoesNotContain(report.Findings, finding => finding.ToString().Contains("this was run", StringComparison.Ordinal));
    }

    [Fact]
    public async Task VerifyAsync_names_the_ids_that_keep_an_index_from_being_built()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, TableForms.All["a key that broke off, ids repeated"].Sql.Replace("INSERT INTO public.scripts SELECT * FROM public.scripts", "INSERT INTO public.scripts (id) VALUES ('00000000-0000-0000-0000-00000000abcd'), ('00000000-0000-0000-0000-00000000abcd')", StringComparison.Ordinal));

        var finding = Assert.Single((await VerifyAsync(database)).Findings, finding => finding.Subject == "public.scripts");

        Assert.Null(finding.FixSql);
        Assert.Contains("00000000-0000-0000-0000-00000000abcd", finding.Found, StringComparison.Ordinal);
        Assert.NotNull(finding.Query);
    }

    [Fact]
    public async Task VerifyAsync_of_a_nondeterministic_collation_names_the_column()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "CREATE COLLATION public.any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false); ALTER TABLE public.pipeline_runs ALTER error_summary TYPE text COLLATE public.any_case");

        var finding = Assert.Single((await VerifyAsync(database)).Findings, finding => finding.Subject == "public.pipeline_runs.error_summary");

        Assert.Contains("public.any_case", finding.Found, StringComparison.Ordinal);
        await Sql.ExecuteAsync(database, finding.FixSql!);
        Assert.Empty((await VerifyAsync(database)).Findings);
    }

    [Fact]
    public async Task VerifyAsync_of_another_encoding_says_what_it_may_break()
    {
        var name = $"ascii_{Guid.NewGuid():N}";
        await Sql.ExecuteAsync(postgres.Server.ConnectionString, $"CREATE DATABASE {name} ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
        var database = new NpgsqlConnectionStringBuilder(postgres.Server.ConnectionString) { Database = name, Pooling = false }.ConnectionString;
        await MigratorHost.MigrateAsync(database);

        var finding = Assert.Single((await VerifyAsync(database)).Findings);

        Assert.Equal((FindingSeverity.Warning, "the database"), (finding.Severity, finding.Subject));
        Assert.Contains("SQL_ASCII", finding.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VerifyAsync_of_a_table_too_large_to_count_looks_at_a_part_and_says_so()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "INSERT INTO public.pipeline_runs (status) SELECT 'odd' FROM generate_series(1, 100001)");

        var finding = Assert.Single((await VerifyAsync(database)).Findings, finding => finding.Subject == "public.pipeline_runs.status");

        Assert.Contains("100000 rows with the status odd, of 100000 that were looked at", finding.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MigrateAsync_of_a_partitioned_table_refuses_before_anything_is_changed()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await MigratorHost.RunAsync(database, migrator => migrator.RollbackAsync(MigrationIds.CreateTables));
        await Sql.ExecuteAsync(database, TableForms.All["partitioned by hash"].Sql);
        var before = await DatabaseDigest.SchemaAsync(database);

        var error = await Assert.ThrowsAsync<MigrationException>(() => MigratorHost.MigrateAsync(database));

        Assert.Contains("public.pipeline_runs is partitioned", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await DatabaseDigest.SchemaAsync(database));
    }

    [Fact]
    public async Task MigrateAsync_under_an_event_trigger_with_an_unqualified_table_says_where_it_failed_and_why()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await Sql.ExecuteAsync(database, """
            CREATE TABLE public.audit (what text);
            CREATE FUNCTION public.note() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit VALUES (tg_tag); END $$;
            CREATE EVENT TRIGGER note ON ddl_command_end EXECUTE FUNCTION public.note()
            """);

        var error = await Assert.ThrowsAsync<MigrationException>(() => MigratorHost.MigrateAsync(database));

        Assert.Contains("CONTEXT: PL/pgSQL function public.note()", error.Message, StringComparison.Ordinal);
        Assert.Contains("search_path = pg_catalog, pg_temp", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VerifyAsync_and_status_with_a_role_that_only_reads_work()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var role = await TestRole.CreateAsync(database, GrantKind.Reader);
        var reader = role.ConnectionString + ";Options=-c default_transaction_read_only=on";

        var report = await VerifyAsync(reader);
        var status = await MigratorHost.RunAsync(reader, migrator => migrator.GetStatusAsync());

        Assert.True(report.IsMatch);
        Assert.True(status.IsUpToDate);
    }

    private static Task<SchemaReport> VerifyAsync(string database) => MigratorHost.RunAsync(database, migrator => migrator.VerifyAsync());
}

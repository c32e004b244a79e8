using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Migrations;

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
    [InlineData("ALTER TABLE public.pipeline_runs ALTER attempts TYPE bigint", FindingSeverity.Error, "public.pipeline_runs.attempts")]
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
        if (finding.Mend is { } mend)
        {
            foreach (var statement in mend.Contains("$close$", StringComparison.Ordinal) ? [mend] : mend.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                await Sql.ExecuteAsync(database, statement);
            }

            Assert.DoesNotContain((await VerifyAsync(database)).Findings, again => again.Subject == subject && again.Severity == severity);
        }
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

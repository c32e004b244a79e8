using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using AiSystemSpec.Sdk.IntegrationTests.Migrations;
using AiSystemSpec.Sdk.Migrations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Registration;

/// <summary>
/// What hosts get where the database cannot be used: the server's own error with what is missing, from every call, the same in the health
/// check, and no password.
/// </summary>
public sealed class UnusableDatabaseTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string WrongPassword = "secret-word";

    [Theory]
    [InlineData("wrong password", PostgresErrorCodes.InvalidPassword, "refused the password")]
    [InlineData("missing database", PostgresErrorCodes.InvalidCatalogName, "There is no database")]
    public async Task Services_throw_the_servers_error(string what, string sqlState, string said)
    {
        await using var host = HostServices.Over(what is "wrong password"
            ? new NpgsqlConnectionStringBuilder(TestRoute.Direct(postgres.ConnectionString)) { Password = WrongPassword }.ConnectionString
            : new NpgsqlConnectionStringBuilder(TestRoute.Direct(postgres.ConnectionString)) { Database = "does_not_exist" }.ConnectionString);

        foreach (var (name, call) in EveryService.Calls)
        {
            var error = await Record.ExceptionAsync(() => call(host));
            Assert.True(error is PostgresException { SqlState: var state } && state == sqlState, $"{name}: {error}");
            Assert.DoesNotContain(WrongPassword, error.ToString(), StringComparison.Ordinal);
        }

        await IsSickAsync(host, HealthStatus.Unhealthy, said);
    }

    [Fact]
    public async Task Before_the_migrations_every_call_names_what_is_missing_and_the_command()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await Sql.ExecuteAsync(database, "CREATE SCHEMA another; CREATE TABLE another.scripts (id uuid, content text, created_at timestamptz); GRANT USAGE ON SCHEMA another TO PUBLIC; GRANT ALL ON another.scripts TO PUBLIC");
        await Sql.ExecuteAsync(database, $"ALTER DATABASE \"{new NpgsqlConnectionStringBuilder(database).Database}\" SET search_path = another, public");
        await using var host = HostServices.Over(database);

        await EveryCallSaysAsync(host, PostgresErrorCodes.UndefinedTable, "The database lacks research_cache, scripts, pipeline_runs in the schema public", "another is not looked at", "\"aispec migrate\"");
        await IsSickAsync(host, HealthStatus.Unhealthy, "\"aispec migrate\"");
    }

    [Fact]
    public async Task Before_the_migrations_the_background_log_says_the_same_and_not_that_the_database_is_away()
    {
        using var log = new MessageLog();
        await using var provider = new ServiceCollection().AddLogging(logging => logging.AddProvider(log))
            .AddAiSystemSpec(await postgres.CreateEmptyDatabaseAsync(), options => options.ShutdownTimeout = TimeSpan.Zero).BuildServiceProvider();

        provider.GetRequiredService<IRunLogger>().Enqueue(new RunLogEntry("run", "stage", RunStatus.Success));

        Assert.Contains("\"aispec migrate\"", await log.WaitForAsync("takes none of the run log's rows"), StringComparison.Ordinal);
        Assert.DoesNotContain(log.Messages, message => message.Contains("cannot reach the database", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_rights_every_call_names_them_and_the_command()
    {
        await using var role = await TestRole.CreateAsync(postgres.ConnectionString, kind: null);
        await using var host = HostServices.Over(role.ConnectionString);

        await EveryCallSaysAsync(host, PostgresErrorCodes.InsufficientPrivilege, $"The role {role.Name} lacks ", "SELECT, INSERT, UPDATE, DELETE on public.research_cache", $"aispec grant {role.Name} --as app");
        await IsSickAsync(host, HealthStatus.Unhealthy, "SELECT, INSERT on public.pipeline_runs");
    }

    [Fact]
    public async Task Without_the_schemas_right_it_is_named()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var role = await TestRole.CreateAsync(database, kind: null);
        await Sql.ExecuteAsync(database, $"ALTER TABLE public.scripts DISABLE ROW LEVEL SECURITY; REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT ALL ON ALL TABLES IN SCHEMA public TO {role.Name}");
        await using var host = HostServices.Over(role.ConnectionString);

        await EveryCallSaysAsync(host, PostgresErrorCodes.InsufficientPrivilege, "USAGE on its schema");
        await IsSickAsync(host, HealthStatus.Unhealthy, "USAGE on its schema");
    }

    [Fact]
    public async Task Role_that_only_reads_is_told_what_it_lacks()
    {
        await using var role = await TestRole.CreateAsync(postgres.ConnectionString, GrantKind.Reader);
        await using var host = HostServices.Over(role.ConnectionString);

        Assert.Null(await host.Scripts.GetAsync(Guid.NewGuid()));
        var error = await Assert.ThrowsAsync<PostgresException>(() => host.Scripts.SaveAsync("x"));

        Assert.Contains("INSERT, UPDATE, DELETE on public.scripts", error.MessageText, StringComparison.Ordinal);
        Assert.Contains("The server said: permission denied for table scripts", error.MessageText, StringComparison.Ordinal);
        await IsSickAsync(host, HealthStatus.Unhealthy, "INSERT on public.scripts");
    }

    [Fact]
    public async Task Row_level_security_without_a_policy_is_named()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "ALTER TABLE public.scripts DISABLE ROW LEVEL SECURITY"); // which the run's route may have enabled
        await using var role = await TestRole.CreateAsync(database, GrantKind.App);
        await Sql.ExecuteAsync(database, """
            ALTER TABLE public.scripts ENABLE ROW LEVEL SECURITY;
            DO $$ DECLARE p record; BEGIN
              FOR p IN SELECT polname FROM pg_policy WHERE polrelid = 'public.scripts'::regclass LOOP EXECUTE format('DROP POLICY %I ON public.scripts', p.polname); END LOOP;
            END $$
            """);
        await using var host = HostServices.Over(role.ConnectionString);

        var error = await Assert.ThrowsAsync<PostgresException>(() => host.Scripts.SaveAsync("x"));

        Assert.Contains("a policy for INSERT under row level security on public.scripts", error.MessageText, StringComparison.Ordinal);
        await IsSickAsync(host, HealthStatus.Unhealthy, "a policy for SELECT under row level security");
        await MigratorHost.RunAsync(TestRoute.Direct(database), migrator => migrator.GrantAsync(role.Name, GrantKind.App));
        await IsSickAsync(host, HealthStatus.Healthy, said: null);
    }

    [Fact]
    public async Task Only_the_run_log_that_cannot_be_written_degrades()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var role = await TestRole.CreateAsync(database, GrantKind.App);
        await Sql.ExecuteAsync(database, $"REVOKE INSERT ON public.pipeline_runs FROM {role.Name}");
        await using var host = HostServices.Over(role.ConnectionString);

        await IsSickAsync(host, HealthStatus.Degraded, "The run log cannot be written.");
    }

    [Fact]
    public async Task Missing_column_is_named()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "ALTER TABLE public.pipeline_runs DROP COLUMN metrics");
        await using var host = HostServices.Over(database);

        var error = await Assert.ThrowsAsync<PostgresException>(() => host.Runs.WriteAsync(new RunLogEntry("run", "stage", RunStatus.Success) { Metrics = new StageMetrics { Tokens = 1 } }));

        Assert.Equal(PostgresErrorCodes.UndefinedColumn, error.SqlState);
        Assert.Contains("public.pipeline_runs lacks metrics", error.MessageText, StringComparison.Ordinal);
        await IsSickAsync(host, HealthStatus.Unhealthy, "public.pipeline_runs lacks metrics");
    }

    [Fact]
    public async Task Error_of_something_else_stays_as_it_is()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(database, "CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM not_there; END $$; CREATE TRIGGER refuse BEFORE INSERT ON public.scripts FOR EACH ROW EXECUTE FUNCTION public.refuse()");
        await using var host = HostServices.Over(database);

        var error = await Assert.ThrowsAsync<PostgresException>(() => host.Scripts.SaveAsync("x"));

        Assert.DoesNotContain("aispec", error.MessageText, StringComparison.Ordinal);
        await IsSickAsync(host, HealthStatus.Healthy, said: null);
    }

    private static async Task EveryCallSaysAsync(HostServices host, string sqlState, params string[] said)
    {
        foreach (var (name, call) in EveryService.Calls.Concat(EveryService.Linq))
        {
            var error = await Record.ExceptionAsync(() => call(host));
            error = error is DbUpdateException or RetentionException ? error.InnerException : error; // they carry the server's error
            Assert.True(error is PostgresException { SqlState: var state } && state == sqlState, $"{name}: {error}");
            Assert.All(said, words => Assert.Contains(words, error!.Message, StringComparison.Ordinal));
        }
    }

    private static async Task IsSickAsync(HostServices host, HealthStatus status, string? said)
    {
        var services = new ServiceCollection().AddLogging();
        _ = services.AddHealthChecks().AddAiSystemSpec();
        var check = services.BuildServiceProvider().GetRequiredService<Microsoft.Extensions.Options.IOptions<HealthCheckServiceOptions>>().Value.Registrations.Single();
        var result = await check.Factory(host.Services).CheckHealthAsync(new HealthCheckContext { Registration = check });

        Assert.Equal(status, result.Status);
        Assert.Contains(said ?? "", result.Description ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain(WrongPassword, result.Description ?? "", StringComparison.Ordinal);
    }
}

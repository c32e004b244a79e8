using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using AiSystemSpec.Sdk.IntegrationTests.Migrations;
using AiSystemSpec.Sdk.Migrations;
using AiSystemSpec.Sdk.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Cli;

/// <summary>
/// Whatever is wrong with a connection: one sentence with the remedy, the right exit code, no stack, no password, and nothing changed.
/// </summary>
public sealed class BadInputTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    // Every password of these tests holds this word, and no sentence of the tool does.
    private const string Secret = "secret";

    private const string Adopt = "adopt";
    private const string Grant = "grant postgres --as app";
    private const string Migrate = "migrate";
    private const string Rollback = "rollback 0 --drop-table scripts";
    private const string Runs = "runs";

    private static readonly string[] Commands = ["status", "plan", "verify", Migrate, Adopt, Rollback, Grant, Runs];

    public static TheoryData<string, int, string> Strings => new()
    {
        { "", 2, "Set AISYSTEMSPEC_CONNECTION" },
        { "Host=x;Nonsense=secret-word", 2, "Write it in Npgsql's form" },
        { "Host=x;Port=secret-word", 2, "Write it in Npgsql's form" },
        { "Username=nobody;Password=secret-word", 2, "Add Host=" },
        { "postgresql://u:secret-word@h:port/db", 2, "A port is not a number" },
        { "postgresql://u@h/db?nonsense=secret-word", 2, "Correct it, or leave it out" },
        { "Host=127.0.0.1;Port=1;Username=u;Password=secret-word", 5, "No server answers at 127.0.0.1:1: Connection refused. Check host, port" },
        { "postgresql://u:secret-word@127.0.0.1:1/db", 5, "No server answers at 127.0.0.1:1: Connection refused. Check host, port" },
        { "Host=does-not-exist.invalid;Username=u;Password=secret-word;SSL Mode=Require", 5, "No server answers at does-not-exist.invalid:5432" },
    };

    public static TheoryData<string, string, string, string> Refusals
    {
        get
        {
            var rows = new TheoryData<string, string, string, string>
            {
                { "empty", "rightless", Migrate, "lacks a right" },
                { "empty", "rightless", Adopt, "GRANT CREATE ON DATABASE" },
                { "empty", "rightless", Grant, "Run aispec migrate" },
                { "empty", "rightless", Runs, "Run aispec migrate" },
                { "foreign", "rightless", Migrate, "Run aispec adopt" },
                { "foreign", "rightless", Adopt, "GRANT CREATE ON DATABASE" },
                { "foreign", "rightless", Grant, "lacks a right" },
                { "migrated", "rightless", Runs, "Let the owner run aispec grant" },
                { "empty", "read-only", Migrate, "only takes reads" },
                { "foreign", "read-only", Adopt, "only takes reads" },
                { "migrated", "read-only", Rollback, "only takes reads" },
                { "migrated", "read-only", Grant, "only takes reads" },
            };
            foreach (var command in Commands.Except([Runs]))
            {
                rows.Add("migrated", "rightless", command, "The role may not read ai_system_spec.migrations_history. Connect as another");
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Strings))]
    public async Task Connection_that_cannot_be_used_is_a_sentence(string connection, int code, string said)
    {
        foreach (var run in await Task.WhenAll(Commands.Select(command => CliRun.OfAsync(connection, command.Split(' ')))))
        {
            AssertSentence(run, code, said);
        }
    }

    [Fact]
    public async Task Hosts_of_which_none_answers_are_a_sentence() =>
        AssertSentence(await CliRun.OfAsync("Host=127.0.0.1:1,127.0.0.1:2;Username=u;Password=secret-word", Migrate), 5, "None of the hosts 127.0.0.1:1,127.0.0.1:2 is a primary that answers");

    [Theory]
    [InlineData("")]
    [InlineData(";SSL Mode=Disable;GSS Encryption Mode=Disable")]
    public async Task Host_that_never_answers_ends_the_command_when_the_time_is_up(string more)
    {
        using var silent = new SilentServer();
        var connection = $"Host=127.0.0.1;Port={silent.Port};Username=u;Password=secret-word;Timeout=2{more}";

        var runs = await Task.WhenAll(Commands.Select(command => CliRun.OfAsync(connection, command.Split(' ')))).WaitAsync(TimeSpan.FromMinutes(2));

        Assert.All(runs, run => AssertSentence(run, 5, $"No server answers at 127.0.0.1:{silent.Port}"));
    }

    [Fact]
    public async Task Wrong_password_and_missing_database_are_sentences_and_nothing_is_changed()
    {
        var database = TestRoute.Direct(await DatabaseAsync("migrated"));
        var before = await DigestAsync(database);
        var wrong = new NpgsqlConnectionStringBuilder(database) { Password = "secret-word" };
        var missing = new NpgsqlConnectionStringBuilder(database) { Database = "does_not_exist" };

        foreach (var command in Commands)
        {
            AssertSentence(await CliRun.OfAsync(wrong.ConnectionString, command.Split(' ')), 5, $"refused the password of user \"{wrong.Username}\". Correct it: in PGPASSWORD");
            AssertSentence(await CliRun.OfAsync(missing.ConnectionString, command.Split(' ')), 5, "There is no database \"does_not_exist\"");
        }

        Assert.Equal(before, await DigestAsync(database));
    }

    [Theory]
    [Trait("Category", "PgBouncer")]
    [InlineData("status")]
    [InlineData(Runs)]
    public async Task Wrong_password_at_a_pooler_is_the_same_sentence(string command)
    {
        await using var bouncer = await PgBouncer.StartAsync(TestRoute.Direct(postgres.ConnectionString), poolSize: 2);
        var wrong = new NpgsqlConnectionStringBuilder(bouncer.ConnectionString) { Password = "secret-word" };

        AssertSentence(await CliRun.OfAsync(wrong.ConnectionString, command), 5, "Correct it: in PGPASSWORD");
    }

    [Fact]
    public async Task Server_before_15_is_a_sentence_and_nothing_is_changed()
    {
        var database = await DatabaseAsync("empty");
        var before = await DigestAsync(database);
        await using var older = new OlderServer(database);

        foreach (var command in Commands.Except([Runs])) // the services go on, and log it
        {
            AssertSentence(await CliRun.OfAsync(older.ConnectionString, command.Split(' ')), 1, "The server is PostgreSQL 14");
        }

        Assert.Equal(before, await DigestAsync(database));
    }

    [Fact]
    public async Task Server_before_15_is_a_warning_where_rows_are_read()
    {
        await using var older = new OlderServer(await DatabaseAsync("migrated"));

        var run = await CliRun.OfAsync(older.ConnectionString, Runs);

        Assert.Equal(0, run.Code);
        Assert.StartsWith("Warning: The server is PostgreSQL 14", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_that_reaches_its_time_limit_is_a_sentence_of_that()
    {
        var database = await DatabaseAsync("migrated");
        await using var other = NpgsqlDataSource.Create(TestRoute.Direct(database));
        await using var connection = await other.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var locking = new NpgsqlCommand("LOCK TABLE public.pipeline_runs", connection, transaction);
        await locking.ExecuteNonQueryAsync();

        AssertSentence(await CliRun.OfAsync($"{database};Command Timeout=1", Runs), 1, "A time limit was reached: ");
    }

    [Fact]
    public async Task Pool_that_is_in_use_is_a_sentence_of_that()
    {
        await using var source = NpgsqlDataSource.Create($"{TestRoute.Direct(postgres.ConnectionString)};Maximum Pool Size=1;Timeout=1");
        await using var services = new ServiceCollection().AddAiSystemSpec(options => options.DataSource = source).AddAiSystemSpecMigrations().BuildServiceProvider();
        await using var held = await source.OpenConnectionAsync();

        var error = await Assert.ThrowsAsync<MigrationException>(() => services.GetRequiredService<IAiSystemSpecMigrator>().GetStatusAsync());

        Assert.Contains("Max Pool Size", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("No server answers", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Role_that_may_not_is_a_sentence_and_nothing_is_changed(string state, string role, string command, string said)
    {
        var database = await DatabaseAsync(state);
        await using var caller = await TestRole.CreateAsync(database, kind: null);
        if (role == "read-only")
        {
            await Sql.ExecuteAsync(database, $"ALTER ROLE {caller.Name} SUPERUSER; ALTER ROLE {caller.Name} SET default_transaction_read_only = on");
        }

        var before = await DigestAsync(database);

        AssertSentence(await CliRun.OfAsync(caller.ConnectionString, command.Split(' ')), 1, said);

        Assert.Equal(before, await DigestAsync(database));
    }

    [Fact]
    public async Task Server_without_TLS_where_it_is_required_is_a_sentence()
    {
        await using var server = await EphemeralPostgres.StartAsync(new EphemeralPostgresOptions { Ways = PostgresWays.OwnServer });

        foreach (var command in new[] { "status", Runs })
        {
            AssertSentence(await CliRun.OfAsync($"{server.ConnectionString};SSL Mode=Require", command), 5, "Correct SSL Mode, or turn TLS on at the server.");
        }
    }

    [Fact]
    public async Task Standby_is_a_sentence_and_may_be_read()
    {
        await using var server = await EphemeralPostgres.StartAsync(new EphemeralPostgresOptions { Ways = PostgresWays.OwnServer });
        var database = await server.CreateDatabaseAsync();
        await MigratorHost.MigrateAsync(database);
        var data = await Sql.ScalarAsync<string>(database, "SHOW data_directory");
        await Sql.ExecuteAsync(database, $"COPY (SELECT 1) TO '{data}/standby.signal'"); // a standby that has all there is; by the server, which may be in a container
        await server.RestartAsync();

        foreach (var command in new[] { Adopt, Rollback, Grant })
        {
            AssertSentence(await CliRun.OfAsync(database, command.Split(' ')), 1, "The server is a standby, which takes no changes. Connect to the primary.");
        }

        foreach (var command in new[] { "status", "plan", "verify", Runs, Migrate }) // nothing is left to migrate
        {
            Assert.Equal(0, (await CliRun.OfAsync(database, command)).Code);
        }
    }

    [Fact]
    public async Task Setting_that_does_not_fit_is_a_warning_before_anything_is_sent()
    {
        var run = await CliRun.OfAsync("Host=does-not-exist.invalid;Username=u;Password=secret-word;SSL Mode=Prefer;Maximum Pool Size=1", "status");

        var warning = Assert.Single(run.Error.Split(Environment.NewLine), line => line.StartsWith("Warning: ", StringComparison.Ordinal));
        Assert.Contains("Set SSL Mode=Require", warning, StringComparison.Ordinal);
        Assert.Empty(run.Out);
    }

    [Fact]
    public async Task Trace_prints_the_stack_only_when_asked_and_no_password()
    {
        var run = await CliRun.OfAsync("Host=127.0.0.1;Port=1;Username=u;Password=secret-word", "status", "--trace");

        Assert.Contains("   at ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, run.Error, StringComparison.Ordinal);
    }

    private static void AssertSentence(CliRun run, int code, string said)
    {
        var sentence = Assert.Single(run.Error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries), line => !line.StartsWith("  ", StringComparison.Ordinal)); // beside progress
        Assert.Contains(said, sentence, StringComparison.Ordinal);
        Assert.EndsWith(".", sentence, StringComparison.Ordinal);
        Assert.Equal(code, run.Code);
        Assert.Empty(run.Out);
        Assert.DoesNotContain(Secret, run.Error, StringComparison.Ordinal);
    }

    private static async Task<string> DigestAsync(string database) =>
        $"{await DatabaseDigest.SchemaAsync(database)}\n{await DatabaseDigest.RowsAsync(database)}";

    private async Task<string> DatabaseAsync(string state)
    {
        if (state == "migrated")
        {
            var migrated = await PostgresFixture.CreateDatabaseAsync();
            await Sql.ExecuteAsync(migrated, "INSERT INTO public.scripts (content) VALUES ('keep me')");
            return migrated;
        }

        var database = await postgres.CreateEmptyDatabaseAsync();
        if (state == "foreign")
        {
            await Sql.ExecuteAsync(database, FieldDatabases.Sql(FieldDatabases.Adoptable["pipeline_runs missing"]));
        }

        return database;
    }
}

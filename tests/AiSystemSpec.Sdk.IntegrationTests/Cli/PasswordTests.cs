using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using AiSystemSpec.Sdk.Migrations;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Cli;

/// <summary>
/// Passwords that stand in no argument and no connection string: <c>status</c> is the migrator's way in, <c>runs</c> the services'.
/// The server asks for a password (scram-sha-256), and the role has one full of special characters.
/// </summary>
public sealed class PasswordTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string Password = "p@ss:w\\ord/?#%41&= 'quoted\"";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aispec-password-");
    private NpgsqlConnectionStringBuilder _settings = new();
    private TestRole _role = null!;

    private string Keywords => new NpgsqlConnectionStringBuilder { Host = _settings.Host, Port = _settings.Port, Username = _settings.Username, Database = _settings.Database }.ConnectionString;

    private string Address => $"{_settings.Host}:{_settings.Port}/{_settings.Database}?application_name=aispec";

    public async Task InitializeAsync()
    {
        _settings = new NpgsqlConnectionStringBuilder(TestRoute.Direct(postgres.ConnectionString));
        _role = await TestRole.CreateAsync(_settings.ConnectionString, GrantKind.App);
        await Sql.ExecuteAsync(_settings.ConnectionString, $"ALTER ROLE {_role.Name} PASSWORD '{Password.Replace("'", "''", StringComparison.Ordinal)}'");
        _settings.Username = _role.Name;
    }

    public async Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        await _role.DisposeAsync();
    }

    [Fact]
    public async Task Password_comes_from_PGPASSWORD()
    {
        await WorksAsync(new() { ["AISYSTEMSPEC_CONNECTION"] = Keywords, ["PGPASSWORD"] = Password });
        await WorksAsync(new() { ["AISYSTEMSPEC_CONNECTION"] = $"postgresql://{_settings.Username}@{Address}", ["PGPASSWORD"] = Password });
    }

    [Fact]
    public async Task Password_comes_from_the_file_that_PGPASSFILE_names()
    {
        var escaped = Password.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);
        var file = Write($"# comment\nother:*:*:*:wrong\n{_settings.Host}:{_settings.Port}:*:{_settings.Username}:{escaped}\n");

        await WorksAsync(new() { ["AISYSTEMSPEC_CONNECTION"] = $"postgresql://{_settings.Username}@{Address}", ["PGPASSFILE"] = file });
        await WorksAsync(new() { ["AISYSTEMSPEC_CONNECTION"] = $"{Keywords};Passfile={file}" });
    }

    [Fact]
    public async Task User_comes_from_PGUSER_and_a_password_in_the_string_wins()
    {
        await WorksAsync(new() { ["AISYSTEMSPEC_CONNECTION"] = $"postgresql://{Address}", ["PGUSER"] = _settings.Username!, ["PGPASSWORD"] = Password });
        await WorksAsync(new() { ["AISYSTEMSPEC_CONNECTION"] = $"postgresql://{_settings.Username}:{Uri.EscapeDataString(Password)}@{Address}", ["PGPASSWORD"] = "wrong" });
    }

    [Fact]
    public async Task Missing_wrong_or_unreadable_password_is_a_sentence_with_the_remedy()
    {
        await SaysAsync([], "asks for a password of user");
        await SaysAsync(new() { ["PGPASSWORD"] = "secret-word" }, "Correct it: in PGPASSWORD");
        await SaysAsync(new() { ["PGPASSFILE"] = Write("secret-word\n") }, "Correct PGPASSFILE");
        await SaysAsync(new() { ["PGPASSFILE"] = Path.Combine(_folder.FullName, "absent") }, "Correct PGPASSFILE");
        await SaysAsync(new() { ["PGPASSFILE"] = Write("other:*:*:*:secret-word\n") }, "asks for a password of user");
    }

    private string Write(string text)
    {
        var file = Path.Combine(_folder.FullName, Guid.NewGuid().ToString("N"));
        File.WriteAllText(file, text);
        return file;
    }

    private static async Task WorksAsync(Dictionary<string, string> environment)
    {
        foreach (var command in new[] { "status", "runs" })
        {
            var run = await AispecProcess.RunAsync(environment, command);
            Assert.True(run.Code == 0, run.Error);
            Assert.Empty(run.Error);
        }
    }

    private async Task SaysAsync(Dictionary<string, string> environment, string said)
    {
        environment["AISYSTEMSPEC_CONNECTION"] = Keywords;
        foreach (var command in new[] { "status", "runs" })
        {
            var run = await AispecProcess.RunAsync(environment, command);
            Assert.Contains(said, run.Error, StringComparison.Ordinal);
            Assert.Equal((5, ""), (run.Code, run.Out));
            Assert.DoesNotContain("secret-word", run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        }
    }
}

using AiSystemSpec.Sdk.IntegrationTests.Migrations;
using AiSystemSpec.Sdk.Migrations;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>
/// A role of a test's own, which may log in. Roles belong to the whole server, so it is dropped at the end, with all that it was granted.
/// </summary>
internal sealed class TestRole : IAsyncDisposable
{
    private const string Password = "secret";

    private readonly string _database;

    private TestRole(string database)
    {
        _database = database;
        ConnectionString = new NpgsqlConnectionStringBuilder(database) { Username = Name, Password = Password }.ConnectionString;
    }

    public string Name { get; } = $"role_{Guid.NewGuid():N}";

    /// <summary>The database, as this role.</summary>
    public string ConnectionString { get; }

    /// <param name="database">The database, as one who may create roles.</param>
    /// <param name="kind">What it is granted; nothing where null.</param>
    public static async Task<TestRole> CreateAsync(string database, GrantKind? kind)
    {
        var role = new TestRole(database);
        await Sql.ExecuteAsync(database, $"CREATE ROLE {role.Name} LOGIN PASSWORD '{Password}'");
        if (kind is { } granted)
        {
            await MigratorHost.RunAsync(database, migrator => migrator.GrantAsync(role.Name, granted));
        }

        return role;
    }

    public async ValueTask DisposeAsync() =>
        await Sql.ExecuteAsync(_database, $"REASSIGN OWNED BY {Name} TO CURRENT_USER; DROP OWNED BY {Name}; DROP ROLE {Name}");
}

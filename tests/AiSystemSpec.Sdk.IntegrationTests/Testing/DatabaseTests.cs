using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Testing;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Testing;

public sealed class DatabaseTests(TestingFolder folder) : IClassFixture<TestingFolder>, IAsyncLifetime
{
    private EphemeralPostgres _postgres = null!;

    public async Task InitializeAsync() => _postgres = await folder.StartAsync();

    public async Task DisposeAsync() => await _postgres.DisposeAsync();

    [Fact]
    public async Task Create_gives_a_database_of_the_name_asked_for()
    {
        var made = await _postgres.CreateDatabaseAsync("Odd \"name\"");

        Assert.Equal("Odd \"name\"", await Sql.ScalarAsync<string>(made, "SELECT current_database()"));
    }

    [Fact]
    public async Task Create_with_a_name_that_is_taken_fails()
    {
        _ = await _postgres.CreateDatabaseAsync("taken");

        var failed = await Assert.ThrowsAsync<PostgresException>(() => _postgres.CreateDatabaseAsync("taken"));

        Assert.Equal(PostgresErrorCodes.DuplicateDatabase, failed.SqlState);
    }

    [Fact]
    public async Task Copy_has_the_tables_and_is_a_database_of_its_own()
    {
        var template = await _postgres.CreateDatabaseAsync();
        await using var left = new NpgsqlConnection(template);   // an open session in the template is no hindrance
        await left.OpenAsync();
        await Sql.ExecuteAsync(template, "CREATE TABLE kept AS SELECT 42 AS n");

        var copies = await Task.WhenAll(_postgres.CopyDatabaseAsync(template), _postgres.CopyDatabaseAsync(template));
        await Sql.ExecuteAsync(copies[0], "DELETE FROM kept");

        Assert.Equal(42, await Sql.ScalarAsync<int>(copies[1], "SELECT n FROM kept"));
        Assert.Equal(42, await Sql.ScalarAsync<int>(template, "SELECT n FROM kept"));
    }
}

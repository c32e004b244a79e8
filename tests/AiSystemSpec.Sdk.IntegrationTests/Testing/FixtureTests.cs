using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Testing;

public sealed class FixtureTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Each_database_is_its_own()
    {
        var other = await PostgresFixture.CreateDatabaseAsync();

        await using var connection = new NpgsqlConnection(other);
        await connection.OpenAsync();

        Assert.NotEqual(postgres.ConnectionString, other, StringComparer.Ordinal);
    }
}

using AiSystemSpec.Sdk.Testing;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Testing;

public sealed class LocalServerTests
{
    private static readonly EphemeralPostgresOptions Local = new() { Ways = PostgresWays.Local };

    [Fact]
    public async Task Start_answers_and_says_which_way_was_taken()
    {
        await using var postgres = await EphemeralPostgres.StartAsync(Local);

        Assert.StartsWith("local PostgreSQL 1", postgres.Source, StringComparison.Ordinal);
        Assert.Equal("on", await Ask(postgres.ConnectionString, "SHOW synchronous_commit"));
    }

    [Fact]
    public async Task Crash_keeps_what_was_committed()
    {
        await using var postgres = await EphemeralPostgres.StartAsync(Local);
        _ = await Ask(postgres.ConnectionString, "CREATE TABLE kept AS SELECT 'here' AS word; SELECT ''");

        await postgres.CrashAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => Ask(postgres.ConnectionString, "SELECT ''"));
        await postgres.RestartAsync();

        Assert.Equal("here", await Ask(postgres.ConnectionString, "SELECT word FROM kept"));
    }

    private static async Task<string?> Ask(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (string?)await command.ExecuteScalarAsync();
    }
}

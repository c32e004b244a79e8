using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>
/// Plain SQL beside the SDK, each on a connection of its own, directly, whatever the run's route: what other programs write, and what
/// really stands in the tables.
/// </summary>
internal static class Sql
{
    public static async Task ExecuteAsync(string connectionString, string sql, params object[] values)
    {
        await using var connection = await OpenAsync(connectionString);
        await using var command = Command(connection, sql, values);
        _ = await command.ExecuteNonQueryAsync();
    }

    public static async Task<T?> ScalarAsync<T>(string connectionString, string sql, params object[] values)
    {
        await using var connection = await OpenAsync(connectionString);
        await using var command = Command(connection, sql, values);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    public static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(TestRoute.Direct(connectionString) + ";Pooling=false"); // nothing stays open behind it
        await connection.OpenAsync();
        return connection;
    }

    public static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            _ = command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}

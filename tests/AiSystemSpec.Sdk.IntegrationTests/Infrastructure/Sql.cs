using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>Plain SQL beside the SDK: what other programs write, and what really stands in the tables.</summary>
internal static class Sql
{
    public static async Task RunAsync(string connectionString, string sql, params object[] values)
    {
        await using var connection = await OpenAsync(connectionString);
        await using var command = Command(connection, sql, values);
        _ = await command.ExecuteNonQueryAsync();
    }

    public static async Task<T?> ScalarAsync<T>(string connectionString, string sql, params object[] values)
    {
        await using var connection = await OpenAsync(connectionString);
        await using var command = Command(connection, sql, values);
        var value = await command.ExecuteScalarAsync();
        return value is null or DBNull ? default : (T)value;
    }

    public static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
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

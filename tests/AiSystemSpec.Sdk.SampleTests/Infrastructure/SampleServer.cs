using AiSystemSpec.Sdk.Testing;
using Npgsql;

namespace AiSystemSpec.Sdk.SampleTests.Infrastructure;

/// <summary>The server of a test class; each test takes an empty database of its own, which the sample migrates.</summary>
public sealed class SampleServer : IAsyncLifetime
{
    private EphemeralPostgres _server = null!;

    public async Task InitializeAsync() => _server = await EphemeralPostgres.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public Task<string> CreateDatabaseAsync() => _server.CreateDatabaseAsync();

    /// <summary>Reads the first column of a query, whatever the SDK thinks of the tables.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await reader.ReadAsync())
        {
            values.Add(await reader.IsDBNullAsync(0) ? "NULL" : reader.GetString(0));
        }

        return values;
    }
}

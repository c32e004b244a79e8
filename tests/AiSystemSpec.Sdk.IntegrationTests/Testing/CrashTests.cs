using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Testing;

public sealed class CrashTests(TestingFolder folder) : IClassFixture<TestingFolder>
{
    [Fact]
    public async Task Crash_keeps_every_row_that_was_acknowledged()
    {
        await using var postgres = await folder.StartAsync();
        await Sql.ExecuteAsync(postgres.ConnectionString, "CREATE TABLE rows (n int)");
        var acknowledged = 0;
        var writing = Task.Run(async () =>
        {
            await using var connection = new NpgsqlConnection(postgres.ConnectionString);
            await connection.OpenAsync();
            while (true)
            {
                await using var insert = new NpgsqlCommand("INSERT INTO rows VALUES (1)", connection);
                _ = await insert.ExecuteNonQueryAsync();
                _ = Interlocked.Increment(ref acknowledged);
            }
        });

        await Task.Delay(300);
        await postgres.CrashAsync();
        _ = await Assert.ThrowsAnyAsync<NpgsqlException>(() => writing);
        await postgres.RestartAsync();

        var kept = await Sql.ScalarAsync<long>(postgres.ConnectionString, "SELECT count(*) FROM rows");
        Assert.InRange(kept, acknowledged, acknowledged + 1);   // one may have been committed without the answer arriving
    }

    [Fact]
    public async Task Crash_ends_every_process_and_may_be_repeated()
    {
        await using var postgres = await folder.StartAsync();

        await postgres.CrashAsync();
        await postgres.CrashAsync();

        await ServerProcesses.WaitUntilNoneNamesAsync("-D\0" + folder.Folder);
        _ = await Assert.ThrowsAsync<NpgsqlException>(() => Sql.ScalarAsync<int>(postgres.ConnectionString, "SELECT 1"));
    }

    [Fact]
    public async Task Dispose_after_a_crash_leaves_nothing()
    {
        var postgres = await folder.StartAsync();

        await postgres.CrashAsync();
        await postgres.DisposeAsync();

        Assert.Empty(folder.Servers);
    }

    [Fact]
    public async Task Restart_in_order_keeps_port_and_data()
    {
        await using var postgres = await folder.StartAsync();
        await Sql.ExecuteAsync(postgres.ConnectionString, "CREATE TABLE kept AS SELECT 42 AS n");
        var before = postgres.ConnectionString;

        await postgres.RestartAsync();

        Assert.Equal(before, postgres.ConnectionString);
        Assert.Equal(42, await Sql.ScalarAsync<int>(postgres.ConnectionString, "SELECT n FROM kept"));
    }
}

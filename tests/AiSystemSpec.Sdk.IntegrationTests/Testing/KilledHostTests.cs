using System.Diagnostics;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Testing;

public sealed class KilledHostTests(TestingFolder folder) : IClassFixture<TestingFolder>
{
    [Fact]
    public async Task Killed_host_takes_its_server_andfolder_with_it()
    {
        await using var host = await TestHostProcess.StartAsync(folder.Variables, "postgres", "wait");
        _ = Assert.Single(folder.Servers);

        await host.KillAsync();

        await ServerProcesses.WaitUntilNoneNamesAsync(folder.Folder);
        Assert.Empty(folder.Servers);
    }

    [Fact]
    public async Task Next_start_removes_what_a_killed_host_left_and_nothing_else()
    {
        await using var living = await folder.StartAsync();
        await using var host = await TestHostProcess.StartAsync(folder.Variables, "postgres", "wait");
        var connection = await host.ReadLineAsync();
        foreach (var lifeLine in ServerProcesses.ChildrenOf(host.Id, "sh"))
        {
            using var process = Process.GetProcessById(lifeLine);
            process.Kill();
        }

        await host.KillAsync();
        Assert.Equal(1, await Sql.ScalarAsync<int>(connection, "SELECT 1"));   // it lives on, with nobody to end it
        Assert.Equal(2, folder.Servers.Count);

        await using (await folder.StartAsync())
        {
            Assert.Equal(2, folder.Servers.Count);   // the living one's and this one's
            Assert.Equal(1, await Sql.ScalarAsync<int>(living.ConnectionString, "SELECT 1"));
            _ = await Assert.ThrowsAsync<Npgsql.NpgsqlException>(() => Sql.ScalarAsync<int>(connection, "SELECT 1"));
        }
    }

    [Fact]
    public async Task Process_that_ends_without_disposing_leaves_nothing()
    {
        await using var host = await TestHostProcess.StartAsync(folder.Variables, "postgres", "return");

        await host.WaitForExitAsync();

        Assert.Empty(folder.Servers);
        await ServerProcesses.WaitUntilNoneNamesAsync(folder.Folder);
    }
}

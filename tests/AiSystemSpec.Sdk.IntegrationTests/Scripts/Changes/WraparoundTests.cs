using System.Globalization;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Testing.Local;
using AiSystemSpec.Sdk.Testing.Servers;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Scripts.Changes;

/// <summary>Transaction ids have 32 bits in a row, and begin again after four thousand million.</summary>
public sealed class WraparoundTests : IAsyncLifetime
{
    private const int IdsOfFile = 1_048_576; // transactions whose state one file of pg_xact holds, two bits each
    private const int BytesOfFile = 262_144;

    private LocalParts _parts = null!;
    private LocalServer _server = null!;

    public async Task InitializeAsync()
    {
        var environment = TestingEnvironment.OfProcess();
        var found = BinariesSearch.Find(environment.Binaries, environment.SearchFolders ?? BinariesSearch.UsualFolders(environment.SearchPath));
        _parts = new LocalParts(await ServerBinaries.ReadAsync(found, CancellationToken.None), ServerUser.Find(), environment.Time);
        var folders = await ServerFolders.OpenAsync(environment.TempFolder, _parts.User, CancellationToken.None);
        var template = await DataTemplate.GetAsync(folders, _parts.Binaries, _parts.User, environment.Time, CancellationToken.None);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["autovacuum"] = "off" };
        _server = new LocalServer(_parts, await folders.CreateOwnedAsync("run", _parts.User, CancellationToken.None), template.Password, settings);
        await template.CopyToAsync(_server.Data, _parts.User, CancellationToken.None);
        await _server.StartAsync(CancellationToken.None);
        await TemplateDatabase.MigrateAsync(_server.ConnectionString);
    }

    public Task DisposeAsync() => _server.EndAsync([]);

    [Fact]
    public async Task Nothing_is_missed_where_ids_begin_again()
    {
        await FeedSession.InsertAsync(_server.ConnectionString, "of the first ids");
        await GoToAsync(2_000_000_000);
        await FeedSession.InsertAsync(_server.ConnectionString, "in the middle");
        await GoToAsync(4_000_000_000);
        await GoToAsync(4_294_967_100);
        await using var host = HostServices.Over(_server.ConnectionString);
        var session = new FeedSession(host.Scripts, limit: 10);
        await using var watching = new Watching(host.Scripts);
        Assert.Equal(["of the first ids", "in the middle"], await session.LookAsync());

        for (var i = 0; i < 400; i++) // ids begin again on the way
        {
            await FeedSession.InsertAsync(_server.ConnectionString, $"{i}");
            if (i % 50 == 49)
            {
                Assert.Equal(Enumerable.Range(i - 49, 50).Select(before => $"{before}"), await session.LookAsync());
            }
        }

        Assert.True(await Sql.ScalarAsync<long>(_server.ConnectionString, "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint") > uint.MaxValue);
        await watching.HasAsync([.. Enumerable.Range(0, 400).Select(i => $"{i}")]);
        Assert.Equal(402, watching.Changes.Count);
    }

    /// <summary>Sets the next transaction id, as an operator would after a disaster. All rows are frozen before, as autovacuum would have.</summary>
    private async Task GoToAsync(long next)
    {
        foreach (var database in (string[])["postgres", "template1"])
        {
            await Sql.ExecuteAsync(new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Database = database }.ConnectionString, "VACUUM (FREEZE)");
        }

        NpgsqlConnection.ClearAllPools();
        await Sql.ExecuteAsync(_server.ConnectionString, "UPDATE pg_database SET datallowconn = true WHERE datname = 'template0'");
        await Sql.ExecuteAsync(new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Database = "template0" }.ConnectionString, "VACUUM (FREEZE)");
        await Sql.ExecuteAsync(_server.ConnectionString, "CHECKPOINT");
        _ = await ChildProcess.RunAsync(_parts.User.Start(_parts.Binaries.PgCtl, ["stop", "-D", _server.Data, "-m", "fast", "-w"]), CancellationToken.None);
        var file = Path.Combine(_server.Data, "pg_xact", (next / IdsOfFile).ToString("X4", CultureInfo.InvariantCulture));
        await File.WriteAllBytesAsync(file, new byte[BytesOfFile]);
        await _parts.User.TakeOverAsync(file, CancellationToken.None);
        var reset = Path.Combine(Path.GetDirectoryName(_parts.Binaries.PgCtl)!, "pg_resetwal");
        _ = await ChildProcess.RunAsync(_parts.User.Start(reset, ["-x", next.ToString(CultureInfo.InvariantCulture), "-D", _server.Data]), CancellationToken.None);
        await _server.RestartAsync(CancellationToken.None);
    }
}

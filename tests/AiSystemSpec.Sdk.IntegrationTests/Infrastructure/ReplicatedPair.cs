using AiSystemSpec.Sdk.IntegrationTests.Migrations;
using AiSystemSpec.Sdk.Testing.Local;
using AiSystemSpec.Sdk.Testing.Servers;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>
/// A primary and its hot standby, synchronous streaming replication between them, of the machine's own server programs: for one test,
/// which may kill and promote. The tables are there. Both are copies of one new cluster, so that the standby follows from the first byte
/// without a base backup.
/// </summary>
internal sealed class ReplicatedPair : IAsyncDisposable
{
    private const string StandbyName = "standby";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly LocalServer _primary;
    private readonly LocalServer _standby;

    private ReplicatedPair(LocalServer primary, LocalServer standby)
    {
        _primary = primary;
        _standby = standby;
    }

    /// <summary>The server that is the primary at first, alone.</summary>
    public string Primary => _primary.ConnectionString;

    /// <summary>The server that is the standby at first, alone.</summary>
    public string Standby => _standby.ConnectionString;

    /// <summary>Both, the primary first.</summary>
    public string PrimaryFirst => Both(Primary, Standby);

    /// <summary>Both, the standby first.</summary>
    public string StandbyFirst => Both(Standby, Primary);

    public static async Task<ReplicatedPair> StartAsync()
    {
        var environment = TestingEnvironment.OfProcess();
        var binaries = await ServerBinaries.ReadAsync(BinariesSearch.Find(environment.Binaries, environment.SearchFolders ?? BinariesSearch.UsualFolders(environment.SearchPath)), CancellationToken.None);
        var parts = new LocalParts(binaries, ServerUser.Find(), environment.Time);
        var folders = await ServerFolders.OpenAsync(environment.TempFolder, parts.User, CancellationToken.None);
        var template = await DataTemplate.GetAsync(folders, binaries, parts.User, environment.Time, CancellationToken.None);
        var pair = new ReplicatedPair(await CopyAsync(parts, folders, template), await CopyAsync(parts, folders, template));
        try
        {
            await pair._primary.StartAsync(CancellationToken.None);
            _ = await MigratorHost.MigrateAsync(pair.Primary);
            await pair.FollowAsync(parts.User);
            return pair;
        }
        catch
        {
            await pair.DisposeAsync();
            throw;
        }
    }

    /// <summary>kill -9 of the server and all its sessions.</summary>
    public Task KillPrimaryAsync() => _primary.CrashAsync(CancellationToken.None);

    /// <summary>The same for the standby: from then on no commit is confirmed.</summary>
    public Task KillStandbyAsync() => _standby.CrashAsync(CancellationToken.None);

    /// <summary>Starts the standby again, which then catches up.</summary>
    public Task RestartStandbyAsync() => _standby.RestartAsync(CancellationToken.None);

    /// <summary>Makes the standby the primary. It has nobody to wait for.</summary>
    public async Task PromoteAsync() => Assert.True(await Sql.ScalarAsync<bool>(Standby, "SELECT pg_promote()"));

    /// <summary>Lets the standby receive and confirm, but show nothing new.</summary>
    public Task PauseReplayAsync() => Sql.ExecuteAsync(Standby, "SELECT pg_wal_replay_pause()");

    /// <summary>What an operator does before a planned switchover; open sessions notice it too.</summary>
    public async Task MakePrimaryReadOnlyAsync()
    {
        await Sql.ExecuteAsync(Primary, "ALTER SYSTEM SET default_transaction_read_only = on");
        await Sql.ExecuteAsync(Primary, "SELECT pg_reload_conf()");
        await UntilAsync(Primary, "SELECT current_setting('default_transaction_read_only') = 'on'");
    }

    public async ValueTask DisposeAsync()
    {
        await _standby.EndAsync([]);
        await _primary.EndAsync([]);
    }

    private static string Both(string first, string second)
    {
        var settings = new NpgsqlConnectionStringBuilder(first) { Host = $"{HostAndPort(first)},{HostAndPort(second)}" };
        _ = settings.Remove("Port");
        return settings.ConnectionString;
    }

    private static string HostAndPort(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        return $"{settings.Host}:{settings.Port}";
    }

    private static async Task<LocalServer> CopyAsync(LocalParts parts, ServerFolders folders, DataTemplate template)
    {
        var folder = await folders.CreateOwnedAsync("run", parts.User, CancellationToken.None);
        // What the standby has not asked for yet is kept for it.
        var server = new LocalServer(parts, folder, template.Password, new Dictionary<string, string>(StringComparer.Ordinal) { ["wal_keep_size"] = "256MB" });
        await template.CopyToAsync(server.Data, parts.User, CancellationToken.None);
        return server;
    }

    private static async Task UntilAsync(string connectionString, string condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await Sql.ScalarAsync<bool>(connectionString, condition))
        {
            await Task.Delay(Pause, patience.Token);
        }
    }

    private async Task FollowAsync(ServerUser user)
    {
        var primary = new NpgsqlConnectionStringBuilder(Primary);
        var signal = Path.Combine(_standby.Data, "standby.signal");
        await File.WriteAllTextAsync(signal, "");
        await user.TakeOverAsync(signal, CancellationToken.None);
        await File.AppendAllTextAsync( // in a file, since others can read arguments
            Path.Combine(_standby.Data, "postgresql.auto.conf"),
            $"primary_conninfo = 'host={primary.Host} port={primary.Port} user={primary.Username} password={primary.Password} application_name={StandbyName}'\n");
        await _standby.StartAsync(CancellationToken.None);
        await Sql.ExecuteAsync(Primary, $"ALTER SYSTEM SET synchronous_standby_names = '{StandbyName}'");
        await Sql.ExecuteAsync(Primary, "SELECT pg_reload_conf()");
        await UntilAsync(Primary, "SELECT EXISTS (SELECT FROM pg_stat_replication WHERE sync_state = 'sync')");
        var written = await Sql.ScalarAsync<string>(Primary, "SELECT pg_current_wal_lsn()::text");
        await UntilAsync(Standby, $"SELECT pg_last_wal_replay_lsn() >= '{written}'"); // it shows the tables, too
    }
}

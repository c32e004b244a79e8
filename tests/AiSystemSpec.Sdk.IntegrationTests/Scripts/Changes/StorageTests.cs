using System.Diagnostics;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Scripts.Changes;

/// <summary>What happens to the table and to the server under a cursor that waits.</summary>
public sealed class StorageTests(FeedServer server) : IClassFixture<FeedServer>, IAsyncLifetime
{
    private HostServices _sdk = null!;
    private string _database = "";

    public async Task InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        _sdk = HostServices.Over(_database);
    }

    public async Task DisposeAsync() => await _sdk.DisposeAsync();

    [Theory]
    [InlineData("VACUUM (FREEZE) public.scripts")]
    [InlineData("VACUUM (FULL) public.scripts")]
    [InlineData("CLUSTER public.scripts USING scripts_pkey")]
    [InlineData("REINDEX TABLE public.scripts")]
    public async Task Maintenance_is_no_change(string sql)
    {
        var session = new FeedSession(_sdk.Scripts);
        for (var i = 0; i < 10; i++)
        {
            await FeedSession.InsertAsync(_database, $"{i}");
        }

        Assert.Equal(10, (await session.LookAsync()).Count);
        await Sql.ExecuteAsync(_database, sql);
        await FeedSession.InsertAsync(_database, "new");
        Assert.Equal(["new"], await session.LookAsync());
        Assert.Equal(11, (await new FeedSession(_sdk.Scripts).LookAsync()).Count);
    }

    [Fact]
    public async Task Table_that_is_made_anew_is_read_anew()
    {
        var session = new FeedSession(_sdk.Scripts);
        await FeedSession.InsertAsync(_database, "one");
        _ = await session.LookAsync();

        await Sql.ExecuteAsync(
            _database,
            """
            CREATE TABLE public.copy (LIKE public.scripts INCLUDING ALL);
            INSERT INTO public.copy SELECT * FROM public.scripts;
            DROP TABLE public.scripts;
            ALTER TABLE public.copy RENAME TO scripts;
            """);
        await FeedSession.InsertAsync(_database, "two");

        Assert.Equal(["one", "two"], await session.LookAsync());
    }

    [Fact]
    public async Task Copy_of_a_database_under_its_name_is_read_anew()
    {
        var session = new FeedSession(_sdk.Scripts);
        await FeedSession.InsertAsync(_database, "one");
        _ = await session.LookAsync();
        await _sdk.DisposeAsync();

        var name = new NpgsqlConnectionStringBuilder(_database).Database;
        var elsewhere = await server.CreateDatabaseAsync();
        await Sql.ExecuteAsync(elsewhere, $"CREATE DATABASE {name}_copy TEMPLATE {name}");
        await Sql.ExecuteAsync(elsewhere, $"DROP DATABASE {name} WITH (FORCE)");
        await Sql.ExecuteAsync(elsewhere, $"ALTER DATABASE {name}_copy RENAME TO {name}");
        await using var other = HostServices.Over(_database);

        Assert.Equal(["one"], await session.Resume(other.Scripts).LookAsync());
    }

    [Fact]
    public async Task Server_that_recovers_from_the_death_of_one_process_is_read_anew()
    {
        var session = new FeedSession(_sdk.Scripts);
        await FeedSession.InsertAsync(_database, "one");
        _ = await session.LookAsync();
        var started = await Sql.ScalarAsync<DateTime>(_database, "SELECT pg_postmaster_start_time()");

        await KillOneProcessAsync();

        Assert.Equal(started, await Sql.ScalarAsync<DateTime>(_database, "SELECT pg_postmaster_start_time()")); // no new start tells it
        Assert.Equal(["one"], await session.LookAsync());
        Assert.Empty(await session.LookAsync());
    }

    [Fact]
    public Task Nothing_is_missed_when_the_server_is_killed() => KillAsync(2);

    [Fact]
    [Trait("Category", "Long")]
    public Task Nothing_is_missed_when_the_server_is_killed_every_time() => KillAsync(Trials.Count(few: 2, full: 20));

    /// <summary>
    /// With asynchronous commit a crash forgets transactions, whose ids are given out again: below the place to which a reader has come.
    /// </summary>
    private async Task KillAsync(int kills)
    {
        var session = new FeedSession(_sdk.Scripts);
        var delivered = new HashSet<Guid>();
        for (var kill = 0; kill < kills; kill++)
        {
            await WriteAsynchronouslyAsync(kill, session, delivered);
            if (kill % 2 == 0)
            {
                await server.Server.CrashAsync();
                await server.Server.RestartAsync();
            }
            else
            {
                await KillOneProcessAsync();
            }

            NpgsqlConnection.ClearAllPools();
            for (var i = 0; i < 20; i++)
            {
                await FeedSession.InsertAsync(_database, $"after {kill} {i}");
            }

            delivered.UnionWith((await session.LookForScriptsAsync()).Select(script => script.Id));
            Assert.Empty((await AllAsync()).Except(delivered));
        }
    }

    private async Task WriteAsynchronouslyAsync(int kill, FeedSession session, HashSet<Guid> delivered)
    {
        await using var writer = await Sql.OpenAsync(_database);
        await using (var off = Sql.Command(writer, "SET synchronous_commit = off"))
        {
            _ = await off.ExecuteNonQueryAsync();
        }

        for (var i = 0; i < 200; i++)
        {
            await using var insert = Sql.Command(writer, $"INSERT INTO public.scripts (content) VALUES ('{kill} {i}')");
            _ = await insert.ExecuteNonQueryAsync();
            if (i % 20 == 19)
            {
                delivered.UnionWith((await session.LookForScriptsAsync()).Select(script => script.Id));
            }
        }
    }

    /// <summary>As the kernel does for want of memory: the server ends all sessions and recovers by itself.</summary>
    private async Task KillOneProcessAsync()
    {
        await using var witness = await Sql.OpenAsync(_database);
        await using (var victim = await Sql.OpenAsync(_database))
        {
            await using var pid = Sql.Command(victim, "SELECT pg_backend_pid()");
            using var process = Process.GetProcessById((int)(await pid.ExecuteScalarAsync())!);
            process.Kill();
        }

        await Until.TrueAsync(async () => !await AnswersAsync(() => Sql.Command(witness, "SELECT 1").ExecuteScalarAsync())); // all sessions end
        await Until.TrueAsync(() => AnswersAsync(() => Sql.ScalarAsync<int>(_database, "SELECT 1")));
        NpgsqlConnection.ClearAllPools();
    }

    private static async Task<bool> AnswersAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            _ = await ask();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task<List<Guid>> AllAsync()
    {
        await using var connection = await Sql.OpenAsync(_database);
        await using var command = Sql.Command(connection, "SELECT id FROM public.scripts");
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<Guid>();
        while (await reader.ReadAsync())
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }
}

using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Scripts.Changes;

/// <summary>What else stands under the table's name.</summary>
public sealed class KindOfTableTests(FeedServer server) : IClassFixture<FeedServer>, IAsyncLifetime
{
    private const string Rename = "ALTER TABLE public.scripts RENAME TO scripts_base;";

    private string _database = "";

    public async Task InitializeAsync() => _database = await server.CreateDatabaseAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData($"{Rename} CREATE VIEW public.scripts AS SELECT id, content, created_at FROM public.scripts_base")]
    [InlineData($"{Rename} CREATE TABLE public.scripts (id uuid DEFAULT gen_random_uuid(), content text, created_at timestamptz DEFAULT now()) PARTITION BY HASH (id); CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw; CREATE TABLE public.scripts_0 PARTITION OF public.scripts FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE FOREIGN TABLE public.scripts_1 PARTITION OF public.scripts FOR VALUES WITH (MODULUS 2, REMAINDER 1) SERVER files OPTIONS (filename '/dev/null')")]
    public async Task Table_without_transactions_is_read_by_time_and_says_so(string sql)
    {
        await Sql.ExecuteAsync(_database, sql);
        using var log = new WarningLog();
        await using var host = HostServices.Over(_database, log);
        var session = new FeedSession(host.Scripts, limit: 2);
        await InsertAsync("11111111-0000-4000-8000-000000000000", "undated", "NULL");
        await InsertAsync("33333333-0000-4000-8000-000000000000", "old", "now() - interval '1 h'");
        await InsertAsync("44444444-0000-4000-8000-000000000000", "future", "'infinity'");

        var found = await session.LookAsync();

        if (sql.Contains("VIEW", StringComparison.Ordinal))
        {
            Assert.Equal(["undated", "old", "future"], found);
            await InsertAsync("55555555-0000-4000-8000-000000000000", "new", "now()");
            Assert.Contains("new", await session.LookAsync(), StringComparer.Ordinal);
            await InsertAsync("66666666-0000-4000-8000-000000000000", "late", "now() - interval '30 s'");
            Assert.Contains("late", await session.LookAsync(), StringComparer.Ordinal);
        }

        Assert.Equal(ChangeGuarantee.Recent, session.Guarantee);
        Assert.NotEmpty(log.Of(2004));
    }

    [Fact]
    public async Task Watch_by_time_gives_each_once()
    {
        await Sql.ExecuteAsync(_database, $"{Rename} CREATE VIEW public.scripts AS SELECT id, content, created_at FROM public.scripts_base");
        await using var host = HostServices.Over(_database);
        await using var watching = new Watching(host.Scripts);
        for (var i = 0; i < 20; i++)
        {
            await Sql.ExecuteAsync(_database, "INSERT INTO public.scripts_base (content, created_at) VALUES ($1, now() - interval '20 s')", $"{i}");
        }

        await watching.HasAsync([.. Enumerable.Range(0, 20).Select(i => $"{i}")]);
        await watching.LookAsync();
        Assert.Equal(20, watching.Changes.Count);
        Assert.All(watching.Changes, change => Assert.Equal(ChangeGuarantee.Recent, change.Guarantee));
    }

    [Theory]
    [InlineData($"{Rename} CREATE TABLE public.scripts (id uuid DEFAULT gen_random_uuid(), content text, created_at timestamptz DEFAULT now()) PARTITION BY RANGE (created_at); CREATE TABLE public.scripts_all PARTITION OF public.scripts DEFAULT")]
    [InlineData("ALTER TABLE public.scripts SET UNLOGGED")]
    [InlineData("DROP INDEX public.ix_scripts_created_at_id")]
    [InlineData("ALTER TABLE public.scripts DROP CONSTRAINT scripts_pkey")]
    [InlineData("ALTER TABLE public.scripts ALTER created_at TYPE timestamp USING created_at AT TIME ZONE 'UTC'; ALTER DATABASE CURRENT_NAME SET timezone = 'America/New_York'")]
    public async Task Table_with_transactions_misses_nothing_whatever_else_is_odd(string sql)
    {
        var name = new Npgsql.NpgsqlConnectionStringBuilder(_database).Database!;
        await Sql.ExecuteAsync(_database, sql.Replace("CURRENT_NAME", name, StringComparison.Ordinal));
        await Sql.ExecuteAsync(_database, "INSERT INTO public.scripts (content, created_at) SELECT i::text, '2026-03-08 01:00'::timestamp + i * interval '10 min' FROM generate_series(1, 30) i");
        await using var host = HostServices.Over(_database);
        var session = new FeedSession(host.Scripts, limit: 4);
        await using var watching = new Watching(host.Scripts);

        Assert.Equal(Enumerable.Range(1, 30).Select(i => $"{i}"), await session.LookAsync());
        await using var late = await Sql.OpenAsync(_database);
        await using var transaction = await late.BeginTransactionAsync();
        await using (var insert = Sql.Command(late, "INSERT INTO public.scripts (content) VALUES ('late')"))
        {
            _ = await insert.ExecuteNonQueryAsync();
        }

        await FeedSession.InsertAsync(_database, "early");
        Assert.Equal(["early"], await session.LookAsync());
        await transaction.CommitAsync();
        Assert.Contains("late", await session.LookAsync(), StringComparer.Ordinal);
        await watching.HasAsync("1", "30", "early", "late");
        Assert.Equal(ChangeGuarantee.AtLeastOnce, session.Guarantee);
    }

    private async Task InsertAsync(string id, string content, string moment)
    {
        var table = await Sql.ScalarAsync<bool>(_database, "SELECT relkind = 'v' FROM pg_class WHERE oid = 'public.scripts'::regclass") ? "scripts_base" : "scripts_0";
        try
        {
            await Sql.ExecuteAsync(_database, $"INSERT INTO public.{table} (id, content, created_at) VALUES ('{id}', '{content}', {moment})");
        }
        catch (Npgsql.PostgresException exception) when (exception.SqlState is Npgsql.PostgresErrorCodes.CheckViolation)
        {
            // An id of the other partition's, which takes none.
        }
    }
}

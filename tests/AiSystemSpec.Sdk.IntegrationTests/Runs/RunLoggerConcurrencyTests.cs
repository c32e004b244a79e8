using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs;

/// <summary>Several writers of one table, and a pooler between.</summary>
public sealed class RunLoggerConcurrencyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData(true, "read committed")]
    [InlineData(false, "read committed")]
    [InlineData(true, "repeatable read")]
    [InlineData(false, "repeatable read")]
    [InlineData(true, "serializable")]
    [InlineData(false, "serializable")]
    public async Task Table_without_a_key_written_by_two_hosts_at_once_has_each_id_once(bool isBackground, string isolation)
    {
        var connectionString = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(connectionString, $"ALTER DATABASE \"{new NpgsqlConnectionStringBuilder(connectionString).Database}\" SET default_transaction_isolation = '{isolation}'");
        await Sql.ExecuteAsync(connectionString, "ALTER TABLE public.pipeline_runs DROP CONSTRAINT pipeline_runs_pkey");
        await using var one = HostServices.Over(connectionString);
        await using var two = HostServices.Over(connectionString);
        var entries = Entries("keyless", 100);
        foreach (var part in entries.Chunk(50))
        {
            await using var gate = await Sql.OpenAsync(connectionString);
            await using var transaction = await gate.BeginTransactionAsync();
            _ = await Sql.Command(gate, "LOCK TABLE public.pipeline_runs IN SHARE MODE").ExecuteNonQueryAsync();
            var writing = Task.WhenAll(WriteAsync(one.Runs, part, isBackground), WriteAsync(two.Runs, part, isBackground));
            await UntilBothWaitAsync(gate);
            await transaction.CommitAsync();
            await writing;
        }

        Assert.Equal(Ids(entries), await IdsAsync(one, "keyless"));
        Assert.Equal(0, (await one.Runs.FlushAsync()).Lost + (await two.Runs.FlushAsync()).Lost);
    }

    [Fact]
    [Trait("Category", "PgBouncer")]
    public async Task Rows_written_through_a_pooler_in_transaction_mode_are_read_once_each()
    {
        await using var bouncer = await PgBouncer.StartAsync(postgres.ConnectionString, poolSize: 3);
        await using var sdk = HostServices.Over(bouncer.ConnectionString);
        var written = Entries("written", 50);
        var known = Entries("known", 1_000);
        var writing = written.Select(entry => sdk.Runs.WriteAsync(entry)).ToList();
        for (var at = 1; at <= 5_000; at++)
        {
            sdk.Runs.Enqueue(new RunLogEntry("new", "s", RunStatus.Success) { Attempts = at }); // COPY
        }

        known.ForEach(sdk.Runs.Enqueue); // ids of the caller's: only what is missing is written
        known.ForEach(sdk.Runs.Enqueue);
        _ = await Task.WhenAll(writing);
        Assert.Equal(0, (await sdk.Runs.FlushAsync()).Lost);
        _ = await sdk.Runs.WriteAsync(written[0]);
        Assert.Equal(Ids(written), await IdsAsync(sdk, "written"));
        Assert.Equal(Ids(known), await IdsAsync(sdk, "known"));
        Assert.Equal(Enumerable.Range(1, 5_000), (await sdk.History.GetRunAsync("new"))!.Rows.Select(row => row.Attempts!.Value));
    }

    private static List<RunLogEntry> Entries(string run, int count) =>
        [.. Enumerable.Range(1, count).Select(at => new RunLogEntry(run, "s", RunStatus.Success) { Id = Guid.CreateVersion7(), Attempts = at })];

    private static IEnumerable<Guid> Ids(List<RunLogEntry> entries) => entries.Select(entry => entry.Id!.Value).Order();

    private static async Task WriteAsync(IRunLogger logger, RunLogEntry[] entries, bool isBackground)
    {
        await Task.Yield();
        if (!isBackground)
        {
            _ = await Task.WhenAll(entries.Select(entry => logger.WriteAsync(entry)));
            return;
        }

        foreach (var entry in entries)
        {
            logger.Enqueue(entry);
        }

        _ = await logger.FlushAsync();
    }

    private static async Task UntilBothWaitAsync(NpgsqlConnection connection)
    {
        const string Waiting = "SELECT count(DISTINCT pid) >= 2 FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
        for (var left = 3_000; await Sql.Command(connection, Waiting).ExecuteScalarAsync() is not true; left--)
        {
            Assert.True(left > 0, "The two hosts did not come to write at once.");
            await Task.Delay(10);
        }
    }

    private static async Task<IEnumerable<Guid>> IdsAsync(HostServices sdk, string run) =>
        (await sdk.History.GetRunAsync(run))!.Rows.Select(row => row.Id).Order();
}

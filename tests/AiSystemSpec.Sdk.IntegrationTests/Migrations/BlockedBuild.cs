using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Migrations;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>A database in which an index is to be built and another session's transaction stands in the way.</summary>
internal sealed class BlockedBuild : IAsyncDisposable
{
    private readonly NpgsqlConnection _other;
    private readonly NpgsqlTransaction _transaction;

    private BlockedBuild(string database, NpgsqlConnection other, NpgsqlTransaction transaction) =>
        (Database, _other, _transaction) = (database, other, transaction);

    public string Database { get; }

    /// <param name="isSimilarity">Whether it is the index of the search by similarity; else those of the migration.</param>
    public static async Task<BlockedBuild> PrepareAsync(bool isSimilarity)
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        if (!isSimilarity)
        {
            await MigratorHost.RunAsync(database, migrator => migrator.RollbackAsync(MigrationIds.CreateTables));
        }

        var other = await Sql.OpenAsync(database + ";Application Name=the other one");
        var transaction = await other.BeginTransactionAsync();
        await using var insert = Sql.Command(other, "INSERT INTO public.research_cache (topic) VALUES ('not committed')");
        await insert.ExecuteNonQueryAsync();
        return new BlockedBuild(database, other, transaction);
    }

    /// <summary>The first run ends by itself and leaves what the second, when the transaction has ended, builds again.</summary>
    public async Task AssertGivesUpAndWorksLaterAsync(string connection, MigrateOptions options)
    {
        var error = await Assert.ThrowsAsync<MigrationException>(() => MigratorHost.MigrateAsync(connection, options));
        var invalid = await Sql.ScalarAsync<long>(Database, "SELECT count(*) FROM pg_index WHERE NOT indisvalid");
        await _transaction.RollbackAsync();
        await MigratorHost.MigrateAsync(connection, options);

        Assert.Equal(MigrationErrorKind.Failed, error.Kind);
        Assert.Contains($"process {_other.ProcessID} ", error.Message, StringComparison.Ordinal);
        Assert.Contains("the other one", error.Message, StringComparison.Ordinal);
        Assert.Equal(1L, invalid);
        Assert.True(await Sql.ScalarAsync<bool>(Database, "SELECT bool_and(indisvalid) FROM pg_index"));
        Assert.Empty((await MigratorHost.RunAsync(connection, migrator => migrator.PlanAsync(options))).Statements);
    }

    /// <summary>Waits until a build has been waiting for longer than this.</summary>
    public Task UntilItWaitedAsync(TimeSpan duration) => Sessions.UntilAsync(
        Database,
        $"SELECT EXISTS (SELECT FROM pg_stat_progress_create_index p JOIN pg_stat_activity a USING (pid) WHERE p.datname = current_database() AND clock_timestamp() - a.query_start > interval '{duration.TotalMilliseconds} milliseconds')");

    public Task UnblockAsync() => _transaction.RollbackAsync();

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _other.DisposeAsync();
    }
}

using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Research.Table;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Research;

/// <summary>
/// The freshness rule, by the services' own statement inside the transaction that inserted the row, where <c>now()</c> stands still.
/// </summary>
public sealed class FreshnessTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Window = AiSystemSpecOptions.DefaultMaxAge;

    [Theory]
    [InlineData("7 days", false)]
    [InlineData("6 days 23:59:59.999999", true)]
    [InlineData("7 days 00:00:00.000001", false)]
    [InlineData("-1 hour", true)]
    public async Task Look_at_the_edge_of_the_window_is_exact_to_the_microsecond(string age, bool isFresh)
    {
        var seen = await LookAsync("pg_catalog.now() - $2::interval", age);
        Assert.Equal(isFresh, seen!.IsFresh(Window));
    }

    [Fact]
    public async Task Look_does_not_depend_on_the_sessions_time_zone()
    {
        // A day of 25 hours lies inside the window in this zone in every autumn; ages are counted, not days.
        var seen = await LookAsync("pg_catalog.now() - interval '168 hours' + interval '1 microsecond'", "0", "SET LOCAL TimeZone = 'Europe/Berlin'");
        Assert.True(seen!.IsFresh(Window));
        Assert.Equal(Window - TimeSpan.FromMicroseconds(1), seen.Age);
    }

    [Theory]
    [InlineData("NULL")]
    public async Task Row_without_a_moment_is_never_seen(string createdAt) => Assert.Null(await LookAsync(createdAt, "0"));

    [Fact]
    public async Task Any_age_is_fresh_under_the_longest_window()
    {
        var seen = await LookAsync("timestamp with time zone '0001-01-01 00:00:00+00'", "0");
        Assert.True(seen!.IsFresh(TimeSpan.MaxValue));
    }

    private async Task<Observation?> LookAsync(string createdAt, string age, string before = "SELECT 1")
    {
        await using var dataSource = NpgsqlDataSource.Create(postgres.ConnectionString);
        await using var database = new Database(dataSource, ownsDataSource: false, commandTimeout: null, TimeProvider.System);
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var command = Sql.Command(connection, before))
        {
            _ = await command.ExecuteNonQueryAsync();
        }

        await using (var insert = Sql.Command(connection, $"INSERT INTO public.research_cache (topic, content, created_at) SELECT $1, 'x' || $2, {createdAt}", "edge", age))
        {
            _ = await insert.ExecuteNonQueryAsync();
        }

        return await TopicReader.LookAsync(database, connection, "edge", isIndexed: true, CancellationToken.None);
    }
}

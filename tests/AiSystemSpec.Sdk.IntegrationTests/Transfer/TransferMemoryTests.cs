using System.Globalization;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Xunit.Abstractions;

namespace AiSystemSpec.Sdk.IntegrationTests.Transfer;

/// <summary>Files of any size go through a process that has little memory.</summary>
public sealed class TransferMemoryTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private const long MostBytes = 200_000_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    [Fact]
    public Task Scripts_are_moved_in_less_than_200_MB() => MoveAsync(20_000);

    [Fact]
    [Trait("Category", "Long")]
    public Task A_million_scripts_are_moved_in_less_than_200_MB() => MoveAsync(Trials.Count(few: 20_000, full: 1_000_000));

    [Fact]
    public async Task Scripts_of_many_megabytes_are_moved_one_by_one()
    {
        var to = await PostgresFixture.CreateDatabaseAsync();
        var from = await PostgresFixture.CreateDatabaseAsync();
        await Sql.ExecuteAsync(from, "INSERT INTO public.scripts (content) SELECT repeat('a script of many megabytes ', 400000) FROM generate_series(1, 10)");
        await MoveAsync(from, to, 10, 4 * MostBytes);
    }

    private async Task MoveAsync(int scripts)
    {
        var (from, to) = (postgres.ConnectionString, await PostgresFixture.CreateDatabaseAsync());
        await Sql.ExecuteAsync(from, "TRUNCATE public.scripts");
        await using (var connection = await Sql.OpenAsync(from))
        await using (var fill = Sql.Command(connection, "INSERT INTO public.scripts (content, created_at) SELECT repeat(md5(i::text), 125), now() - i * interval '1 s' FROM generate_series(1, $1) i", scripts))
        {
            fill.CommandTimeout = 0;
            _ = await fill.ExecuteNonQueryAsync();
        }

        await MoveAsync(from, to, scripts, MostBytes);
    }

    private async Task MoveAsync(string from, string to, int scripts, long mostBytes)
    {
        var file = Path.GetTempFileName();
        try
        {
            await using var host = await TestHostProcess.StartAsync(new Dictionary<string, string?>(StringComparer.Ordinal), "transfer", from, to, file);
            var said = await host.ReadLineAsync(Patience);
            var numbers = said.Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToList();
            output.WriteLine($"{numbers[0]} scripts exported, {numbers[1]} imported, {numbers[2]} failed; at most {numbers[3] / 1_000_000} MB of memory");
            Assert.Equal([scripts, scripts, 0], numbers.Take(3));
            Assert.InRange(numbers[3], 0, mostBytes);
        }
        finally
        {
            File.Delete(file);
        }
    }
}

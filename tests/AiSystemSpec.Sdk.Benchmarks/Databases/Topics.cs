using System.Globalization;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace AiSystemSpec.Sdk.Benchmarks.Databases;

/// <summary>The research that is looked for: so many topics, each in a current version and an older one.</summary>
internal static class Topics
{
    public const int Count = 5_000;
    public const int ContentLength = 4_096;

    private const int Seed = 20261122;
    private const int Stride = 1_999; // prime to Count, so that every topic comes up, and no two neighbours

    private static readonly string[] Words =
        ["cache", "topic", "source", "finds", "market", "reader", "claims", "since", "figures", "between", "report", "and", "of", "the", "which", "study", "2026", "percent", "however", "video"];

    private static readonly string[] Names = [.. Enumerable.Range(0, Count).Select(number => string.Create(CultureInfo.InvariantCulture, $"topic {number:D6}: what is known about it"))];

    /// <summary>Chooses the topic of a call, the same for every peer.</summary>
    public static string Of(int call) => Names[(int)((long)call * Stride % Count)];

    /// <summary>Chooses many different topics for a call.</summary>
    public static string[] Of(int call, int count) => [.. Enumerable.Range(0, count).Select(place => Of(call + place))];

    public static async Task WriteAsync(string connectionString)
    {
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        await using var connection = await dataSource.OpenConnectionAsync();
        await using (var copy = await connection.BeginBinaryImportAsync("COPY public.research_cache (topic, content, created_at) FROM STDIN (FORMAT binary)"))
        {
            var random = new Random(Seed);
            var now = DateTimeOffset.UtcNow;
            foreach (var age in new[] { TimeSpan.FromDays(10), TimeSpan.FromDays(1) })
            {
                foreach (var name in Names)
                {
                    await copy.StartRowAsync();
                    await copy.WriteAsync(name, NpgsqlDbType.Text);
                    await copy.WriteAsync(Text(random), NpgsqlDbType.Text);
                    await copy.WriteAsync(now - age, NpgsqlDbType.TimestampTz);
                }
            }

            _ = await copy.CompleteAsync();
        }

        await BenchmarkServer.VacuumAsync(connectionString);
    }

    /// <summary>Makes text of the length and about the density of prose.</summary>
    public static string Text(Random random)
    {
        var text = new StringBuilder(ContentLength + 16);
        while (text.Length < ContentLength)
        {
            _ = text.Append(Words[random.Next(Words.Length)]).Append(' ').Append(CultureInfo.InvariantCulture, $"{random.Next(1_000_000):x} ");
        }

        return text.ToString(0, ContentLength);
    }
}

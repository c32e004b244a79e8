using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AiSystemSpec.Sdk.TestHost.Verbs;

/// <summary>
/// A host that researches: <c>research CONNECTION CALLERS SECONDS</c>. For each topic on standard input it calls GetOrResearchAsync from
/// all callers at once and says, in one line, how many answers were equal, how many of which outcome. Each research leaves a row in
/// <c>calls</c>.
/// </summary>
internal static class ResearchVerb
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [var connectionString, var callers, var seconds])
        {
            return 2;
        }

        await using var services = new ServiceCollection().AddAiSystemSpec(connectionString).BuildServiceProvider();
        var cache = services.GetRequiredService<IResearchCache>();
        await using var calls = NpgsqlDataSource.Create(connectionString);
        var duration = TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture));
        Console.WriteLine("READY");
        while (await Console.In.ReadLineAsync() is { } topic)
        {
            var results = await Task.WhenAll(Enumerable.Range(0, int.Parse(callers, CultureInfo.InvariantCulture)).Select(_ => Task.Run(async () =>
                await cache.GetOrResearchAsync(topic, (context, token) => ResearchAsync(calls, context.Topic, duration, token)))));
            Console.WriteLine(Summary(results));
        }

        return 0;
    }

    private static async Task<string> ResearchAsync(
        NpgsqlDataSource calls, string topic, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using (var insert = calls.CreateCommand("INSERT INTO public.calls (topic, process) VALUES ($1, $2)"))
        {
            _ = insert.Parameters.Add(new NpgsqlParameter { Value = topic });
            _ = insert.Parameters.Add(new NpgsqlParameter { Value = Environment.ProcessId });
            _ = await insert.ExecuteNonQueryAsync(cancellationToken);
        }

        await Task.Delay(duration, cancellationToken);
        return $"researched {topic}";
    }

    private static string Summary(ResearchResult[] results)
    {
        var contents = results.Select(result => (result.Entry.Id, result.Entry.Content)).Distinct().ToList();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{contents.Count} {contents[0].Id} {results.Length} {Count(ResearchOutcome.Researched)} {Count(ResearchOutcome.WaitedForOther)} {Count(ResearchOutcome.Hit)}");

        int Count(ResearchOutcome outcome) => results.Count(result => result.Outcome == outcome);
    }
}

using System.Diagnostics;
using System.Globalization;

namespace AiSystemSpec.Sdk.Benchmarks.Stampedes;

/// <summary>
/// One process of the stampede. It says <see cref="Ready"/>, waits for a topic on its input, and says what its callers got:
/// loads, equal answers, milliseconds.
/// </summary>
internal static class StampedeChild
{
    public const string Verb = "stampede-child";
    public const string Ready = "ready";
    public const string ConnectionVariable = "STAMPEDE_CONNECTION";

    public const int Callers = 250;

    private static readonly TimeSpan LoadTime = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(string peerName)
    {
        var connectionString = Environment.GetEnvironmentVariable(ConnectionVariable) ?? throw new InvalidOperationException("The parent names the database.");
        await using var peer = StampedePeers.All[peerName](connectionString);
        await peer.WarmUpAsync();
        Console.WriteLine(Ready);
        var topic = Console.ReadLine() ?? throw new InvalidOperationException("The parent names the topic.");

        var loads = 0;
        var watch = Stopwatch.StartNew();
        var answers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(() => peer.GetOrResearchAsync(topic, LoadAsync))));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{loads} {answers.Distinct(StringComparer.Ordinal).Count()} {watch.ElapsedMilliseconds}"));
        return 0;

        async Task<string> LoadAsync(CancellationToken cancellationToken)
        {
            _ = Interlocked.Increment(ref loads);
            await Task.Delay(LoadTime, cancellationToken);
            return $"what is known about {topic}";
        }
    }
}

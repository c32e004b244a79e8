using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.TestHost.Verbs;

/// <summary>
/// A host that normalizes its topics: <c>spellings CONNECTION</c>. It stores one topic in composed and in decomposed letters, and says
/// how many topics that made and how often it was warned of it.
/// </summary>
internal static class SpellingsVerb
{
    private const int TopicNotComposed = 1011;

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [var connectionString])
        {
            return 2;
        }

        var warnings = new Warnings();
        await using var services = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(warnings)
            .AddAiSystemSpec(connectionString, options => options.TopicNormalizer = TopicNormalizers.CollapseWhiteSpace)
            .BuildServiceProvider();
        var cache = services.GetRequiredService<IResearchCache>();
        Console.WriteLine("READY");
        var topics = new HashSet<string>(StringComparer.Ordinal);
        foreach (var spelling in (string[])["Caf\u00e9", "Cafe\u0301", "Cafe\u0301"])
        {
            _ = topics.Add((await cache.SaveAsync(spelling, "x")).Topic);
        }

        Console.WriteLine($"{topics.Count} topics, {warnings.Count} warnings");
        return 0;
    }

    private sealed class Warnings : ILoggerFactory, ILogger
    {
        private int _count;

        public int Count => _count;

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose()
        {
            // Nothing is held.
        }

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _count += eventId.Id == TopicNotComposed ? 1 : 0;
    }
}

using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Reflection;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.IntegrationTests.Diagnostics;

/// <summary>What a host's dashboards rest on: the version, one prefix for all tags, and registrations that are told apart.</summary>
public sealed class TelemetryTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Measurement_has_the_registration_and_only_tags_of_one_prefix()
    {
        var seen = new ConcurrentBag<(string Instrument, string? Version, Dictionary<string, object?> Tags)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == AiSystemSpecTelemetry.MeterName)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        listener.Start();

        await using var services = new ServiceCollection()
            .AddAiSystemSpec(postgres.ConnectionString)
            .AddKeyedAiSystemSpec("orders", options => options.ConnectionString = postgres.ConnectionString)
            .BuildServiceProvider();
        var topic = Guid.NewGuid().ToString();
        await UseAsync(services.GetRequiredService<IResearchCache>(), services.GetRequiredService<IRunLogger>(), topic);
        await UseAsync(services.GetRequiredKeyedService<IResearchCache>("orders"), services.GetRequiredKeyedService<IRunLogger>("orders"), topic + " too");
        listener.RecordObservableInstruments();

        var version = typeof(IResearchCache).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
        Assert.All(seen, measured => Assert.Equal(version, measured.Version));
        Assert.All(seen, measured => Assert.Contains("aisystemspec.database", measured.Tags.Keys));
        Assert.All(seen.SelectMany(measured => measured.Tags.Keys), tag => Assert.StartsWith(AiSystemSpecTelemetry.TagPrefix, tag, StringComparison.Ordinal));
        foreach (var instrument in new[] { "aisystemspec.research.misses", "aisystemspec.research.outcomes", "aisystemspec.runs.written", "aisystemspec.runs.waiting", "aisystemspec.runs.stage.duration" })
        {
            var databases = seen.Where(measured => measured.Instrument == instrument).Select(measured => measured.Tags["aisystemspec.database"]).ToHashSet();
            Assert.Superset(new HashSet<object?> { "default", "orders" }, databases);
        }

        void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            seen.Add((instrument.Name, instrument.Meter.Version, new Dictionary<string, object?>(tags.ToArray())));
    }

    private static async Task UseAsync(IResearchCache cache, IRunLogger runs, string topic)
    {
        _ = await runs.RunStageAsync("run", "research", (_, token) => cache.GetOrResearchAsync(topic, (_, _) => Task.FromResult("found"), cancellationToken: token));
        _ = await runs.FlushAsync();
    }
}

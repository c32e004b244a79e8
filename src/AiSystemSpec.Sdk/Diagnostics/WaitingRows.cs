using System.Diagnostics.Metrics;

namespace AiSystemSpec.Sdk.Diagnostics;

/// <summary>How many rows wait in each registration, over all of its loggers that are alive.</summary>
internal sealed class WaitingRows
{
    private readonly Lock _lock = new();
    private readonly List<(KeyValuePair<string, object?> Database, WeakReference<Func<long>> Waiting)> _sources = [];

    public void Add(KeyValuePair<string, object?> database, Func<long> waiting)
    {
        lock (_lock)
        {
            _ = _sources.RemoveAll(source => !source.Waiting.TryGetTarget(out _));
            _sources.Add((database, new WeakReference<Func<long>>(waiting)));
        }
    }

    public IEnumerable<Measurement<long>> Measure()
    {
        lock (_lock)
        {
            return
            [
                .. _sources.GroupBy(source => source.Database).Select(sources => new Measurement<long>(
                    sources.Sum(source => source.Waiting.TryGetTarget(out var waiting) ? waiting() : 0), sources.Key)),
            ];
        }
    }
}

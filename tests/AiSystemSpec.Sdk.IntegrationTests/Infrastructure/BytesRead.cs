using System.Diagnostics.Metrics;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>Counts what one data source reads from the server, by Npgsql's own meter.</summary>
internal sealed class BytesRead : IAsyncDisposable
{
    private readonly MeterListener _listener = new();
    private long _bytes;

    private BytesRead(string connectionString)
    {
        var name = Guid.NewGuid().ToString();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Npgsql" && instrument.Name.EndsWith("bytes_read", StringComparison.Ordinal))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, bytes, tags, _) =>
        {
            foreach (var tag in tags)
            {
                if (name.Equals(tag.Value))
                {
                    _ = Interlocked.Add(ref _bytes, bytes);
                }
            }
        });
        _listener.Start();
        DataSource = new NpgsqlDataSourceBuilder(connectionString) { Name = name }.Build();
    }

    public NpgsqlDataSource DataSource { get; }

    public static BytesRead Of(string connectionString) => new(connectionString);

    /// <summary>How many bytes some work reads.</summary>
    public async Task<long> DuringAsync(Func<Task> work)
    {
        var before = Interlocked.Read(ref _bytes);
        await work();
        return Interlocked.Read(ref _bytes) - before;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await DataSource.DisposeAsync();
    }
}

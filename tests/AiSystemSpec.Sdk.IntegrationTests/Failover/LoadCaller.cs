using System.Globalization;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Failover;

/// <summary>A caller that writes one text after another through one member of the services, and goes on after a clear failure.</summary>
/// <param name="name">What its texts begin with.</param>
/// <param name="write">Writes a text and returns its row's id.</param>
internal sealed class LoadCaller(string name, Func<string, Task<Guid>> write)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<(Guid Id, string Text)> _acknowledged = [];
    private readonly List<NpgsqlException> _failures = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;
    private volatile int _count;

    /// <summary>What was acknowledged, of a caller that has stopped.</summary>
    public IReadOnlyList<(Guid Id, string Text)> Acknowledged => _acknowledged;

    /// <summary>The clear failures, of a caller that has stopped. Any other exception is thrown by <see cref="StopAsync"/>.</summary>
    public IReadOnlyList<NpgsqlException> Failures => _failures;

    public void Start() => _loop = Task.Run(RunAsync);

    /// <summary>Waits until some more writes have been acknowledged.</summary>
    public async Task GoOnAsync(int writes)
    {
        using var patience = new CancellationTokenSource(Patience);
        var wanted = _count + writes;
        while (_count < wanted && !_loop.IsCompleted)
        {
            await Task.Delay(Pause, patience.Token);
        }
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _loop.WaitAsync(Patience);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        for (var number = 1; !_stop.IsCancellationRequested; number++)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{name} {number}");
            try
            {
                _acknowledged.Add((await write(text), text));
                _count++;
            }
            catch (NpgsqlException exception)
            {
                _failures.Add(exception);
            }

            await Task.Delay(Pause);
        }
    }
}

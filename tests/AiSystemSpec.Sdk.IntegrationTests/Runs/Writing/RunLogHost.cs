using System.Collections.Concurrent;
using System.Globalization;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Runs;
using AiSystemSpec.Sdk.Runs.Queue;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs.Writing;

/// <summary>A host with one run in its log, and what it logs.</summary>
internal sealed class RunLogHost : ILoggerProvider, ILogger, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<(LogLevel Level, int Id, string Message)> _entries = [];
    private readonly ServiceProvider _services;
    private readonly string _database;

    public RunLogHost(string connectionString, Action<AiSystemSpecOptions>? configure = null)
    {
        _database = connectionString;
        _services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(this))
            .AddAiSystemSpec(connectionString, configure)
            .BuildServiceProvider();
        State = _services.GetRequiredService<RunLogger>().State;
    }

    public RunLogHost(string database, NpgsqlDataSource dataSource)
    {
        _database = database;
        _services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(this))
            .AddAiSystemSpec(options => options.DataSource = dataSource)
            .BuildServiceProvider();
        State = _services.GetRequiredService<RunLogger>().State;
    }

    public string Run { get; } = $"run-{Guid.NewGuid():N}";

    public IRunLogger Logger => _services.GetRequiredService<IRunLogger>();

    public RunLogState State { get; }

    /// <summary>What the run log said, from warnings up.</summary>
    public IEnumerable<string> Warnings =>
        _entries.Where(entry => entry.Level >= LogLevel.Warning).Select(entry => $"{entry.Id}: {entry.Message}");

    public void Enqueue(string stage, int count = 1, Guid? id = null)
    {
        for (var number = 1; number <= count; number++)
        {
            Logger.Enqueue(new RunLogEntry(Run, stage, RunStatus.Success) { Attempts = number, Id = id });
        }
    }

    public Task<FlushResult> FlushAsync() => Logger.FlushAsync().WaitAsync(Patience);

    /// <summary>How many rows of the run the table has.</summary>
    public Task<long> CountAsync() => Sql.ScalarAsync<long>(_database, "SELECT count(*) FROM public.pipeline_runs WHERE run_id = $1", Run);

    /// <summary>Waits until the writer is in that state.</summary>
    public async Task UntilAsync(RunLogProblem problem)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (State.Problem != problem)
        {
            await Task.Delay(10, patience.Token);
        }
    }

    /// <summary>Ends the host, which must not take long.</summary>
    public Task EndAsync() => _services.DisposeAsync().AsTask().WaitAsync(Patience);

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
        // The services are disposed of asynchronously.
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Id is >= 3_000 and < 4_000)
        {
            _entries.Enqueue((logLevel, eventId.Id, string.Create(CultureInfo.InvariantCulture, $"{formatter(state, exception)} {exception?.Message}")));
        }
    }
}

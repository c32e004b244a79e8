using System.Collections;
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>What Npgsql really sent, and the server's plan for it.</summary>
internal sealed class StatementLog : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<(string Sql, object[] Values)> _statements = [];
    private int _roundTrips;

    /// <summary>How often Npgsql sent something and waited for the answer: a command, or a batch.</summary>
    public int RoundTrips => Volatile.Read(ref _roundTrips);

    /// <summary>A data source whose statements are noted here.</summary>
    public NpgsqlDataSource Open(string connectionString)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString + ";No Reset On Close=true"); // else the SDK asks once whether a pooler stands between
        _ = builder.UseLoggerFactory(this).EnableParameterLogging();
        return builder.Build();
    }

    /// <summary>The plans of the statements since the last call, each as one text.</summary>
    public async Task<IReadOnlyList<string>> ExplainAsync(string connectionString)
    {
        var plans = new List<string>();
        await using var connection = await Sql.OpenAsync(connectionString);
        while (_statements.TryDequeue(out var statement))
        {
            await using var command = Sql.Command(connection, "EXPLAIN " + statement.Sql, statement.Values);
            foreach (NpgsqlParameter parameter in command.Parameters)
            {
                parameter.NpgsqlDbType = parameter.Value is long ? NpgsqlDbType.TimestampTz : parameter.NpgsqlDbType; // a keyset's moment; counts are int
            }

            await using var reader = await command.ExecuteReaderAsync();
            var lines = new List<string>();
            while (await reader.ReadAsync())
            {
                lines.Add(reader.GetString(0));
            }

            plans.Add(string.Join('\n', lines));
        }

        return plans;
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
        // Nothing is held.
    }

    public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Information;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Name?.Contains("ExecutionCompleted", StringComparison.Ordinal) == true)
        {
            _ = Interlocked.Increment(ref _roundTrips);
        }

        if (state is not IReadOnlyList<KeyValuePair<string, object?>> values || Value(values, "CommandText") is not string sql)
        {
            return;
        }

        var parameters = Value(values, "Parameters") is IEnumerable given ? given.Cast<object>().ToArray() : [];
        _statements.Enqueue((sql, parameters));
    }

    private static object? Value(IReadOnlyList<KeyValuePair<string, object?>> values, string name) =>
        values.FirstOrDefault(value => string.Equals(value.Key, name, StringComparison.Ordinal)).Value;
}

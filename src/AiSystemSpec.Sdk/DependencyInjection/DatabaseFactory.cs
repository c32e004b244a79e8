using AiSystemSpec.Sdk.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AiSystemSpec.Sdk.DependencyInjection;

/// <summary>Makes a registration's database from its options, or from the container's own data source.</summary>
internal static class DatabaseFactory
{
    private const string LogCategory = "AiSystemSpec.Sdk.Connections";

    public static Database Create(IServiceProvider services, string optionsName, bool useContainersDataSource)
    {
        var options = services.GetRequiredService<IOptionsMonitor<AiSystemSpecOptions>>().Get(optionsName);
        var time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        var logger = services.GetService<ILoggerFactory>()?.CreateLogger(LogCategory) ?? NullLogger.Instance;
        if (options is { ConnectionString: { } connectionString } && !(string.IsNullOrWhiteSpace(connectionString) && options.DataSource is not null))
        {
            var source = Build(connectionString, services, out var ignored);
            return new Database(source, ownsDataSource: true, options.CommandTimeout, time, new ConnectionCheck(logger, ignored));
        }

        var dataSource = options.DataSource
            ?? (useContainersDataSource ? services.GetService<NpgsqlDataSource>() : null)
            ?? throw new InvalidOperationException(
                "AiSystemSpec has no database. Pass a connection string to AddAiSystemSpec, set AiSystemSpecOptions.ConnectionString or DataSource, set ConnectionStrings:AiSystemSpec in the configuration, or register an NpgsqlDataSource.");
        ThrowIfMultiplexing(dataSource);
        return new Database(dataSource, ownsDataSource: false, options.CommandTimeout, time, new ConnectionCheck(logger));
    }

    /// <summary>Makes a database that owns its data source, for a connection string of its own.</summary>
    public static Database Create(string connectionString, IServiceProvider services) =>
        new(Build(connectionString, services, out _), ownsDataSource: true, commandTimeout: null, services.GetService<TimeProvider>() ?? TimeProvider.System);

    // Not a warning: rows that were acknowledged would be lost.
    private static void ThrowIfMultiplexing(NpgsqlDataSource dataSource)
    {
        if (new NpgsqlConnectionStringBuilder(dataSource.ConnectionString).Multiplexing)
        {
            throw new InvalidOperationException(
                "The NpgsqlDataSource given to AiSystemSpec has Multiplexing=true, which does not go with locks that span statements. Leave Multiplexing out of its connection string, or give AiSystemSpec a connection string of its own.");
        }
    }

    private static NpgsqlDataSource Build(string connectionString, IServiceProvider services, out IReadOnlyList<string> ignored)
    {
        var settings = ConnectionString.Parse(connectionString, nameof(AiSystemSpecOptions.ConnectionString), out ignored);
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        if (services.GetService<ILoggerFactory>() is { } loggers)
        {
            builder.UseLoggerFactory(new QuietCommands(loggers));
        }

        return ConnectionString.HasSeveralHosts(settings) ? builder.BuildMultiHost() : builder.Build();
    }
}

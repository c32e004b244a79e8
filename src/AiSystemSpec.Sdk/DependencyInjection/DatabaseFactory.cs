using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Connections.Opening;
using AiSystemSpec.Sdk.Connections.Settings;
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

    public static Database Create(IServiceProvider services, Registration registration)
    {
        var options = services.GetRequiredService<IOptionsMonitor<AiSystemSpecOptions>>().Get(registration.OptionsName);
        var time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        var logger = services.GetService<ILoggerFactory>()?.CreateLogger(LogCategory) ?? NullLogger.Instance;
        if (options is { ConnectionString: { } connectionString } && !(string.IsNullOrWhiteSpace(connectionString) && options.DataSource is not null))
        {
            var settings = ConnectionString.Parse(connectionString, nameof(AiSystemSpecOptions.ConnectionString), out var ignored);
            var source = OwnDataSource.Build(settings, services.GetService<ILoggerFactory>());
            return new Database(source, ownsDataSource: true, options.CommandTimeout, time, new ConnectionCheck(logger, ignored), registration.Label);
        }

        var dataSource = options.DataSource
            ?? (registration.Key is null ? services.GetService<NpgsqlDataSource>() : null)
            ?? throw new InvalidOperationException(registration.ConnectionName is { } name
                ? $"AiSystemSpec has no database. Set ConnectionStrings:{name} in the configuration (the variable ConnectionStrings__{name}), or ConnectionString in AiSystemSpec:{name}."
                : "AiSystemSpec has no database. Pass a connection string to AddAiSystemSpec, set AiSystemSpecOptions.ConnectionString or DataSource, set ConnectionStrings:AiSystemSpec in the configuration, or register an NpgsqlDataSource.");
        ThrowIfMultiplexing(dataSource);
        return new Database(dataSource, ownsDataSource: false, options.CommandTimeout, time, new ConnectionCheck(logger), registration.Label);
    }

    // Not a warning: rows that were acknowledged would be lost.
    private static void ThrowIfMultiplexing(NpgsqlDataSource dataSource)
    {
        if (new NpgsqlConnectionStringBuilder(dataSource.ConnectionString).Multiplexing)
        {
            throw new InvalidOperationException(
                "The NpgsqlDataSource given to AiSystemSpec has Multiplexing=true, which does not go with locks that span statements. Leave Multiplexing out of its connection string, or give AiSystemSpec a connection string of its own.");
        }
    }
}

using AiSystemSpec.Sdk.Connections.Opening;
using AiSystemSpec.Sdk.Connections.Settings;
using AiSystemSpec.Sdk.Migrations;
using AiSystemSpec.Sdk.Migrations.Operations;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the migrator.</summary>
public static class AiSystemSpecMigrationsServiceCollectionExtensions
{
    /// <summary>Registers <see cref="IAiSystemSpecMigrator"/> as a singleton. Nothing is migrated until it is called.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="connectionString">
    /// The connection of a role that may change the schema: Npgsql's form, or a <c>postgresql://</c> URI.
    /// Where null, the connection of <c>AddAiSystemSpec</c>, which must be registered then.
    /// </param>
    /// <returns>The same services.</returns>
    /// <remarks>Safe to call twice; the first call's connection counts.</remarks>
    /// <exception cref="ArgumentException">The connection string is blank or cannot be read.</exception>
    public static IServiceCollection AddAiSystemSpecMigrations(this IServiceCollection services, string? connectionString = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        return Add(services, serviceKey: null, connectionString);
    }

    /// <summary>Registers the migrator of another database under a key, the same as that of <c>AddKeyedAiSystemSpec</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="serviceKey">The key under which <see cref="IAiSystemSpecMigrator"/> is resolved.</param>
    /// <param name="connectionString">As in <see cref="AddAiSystemSpecMigrations"/>.</param>
    /// <returns>The same services.</returns>
    /// <remarks>Safe to call twice with one key; the first call's connection counts.</remarks>
    /// <exception cref="ArgumentException">The connection string is blank or cannot be read.</exception>
    public static IServiceCollection AddKeyedAiSystemSpecMigrations(
        this IServiceCollection services, object serviceKey, string? connectionString = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(serviceKey);
        return Add(services, serviceKey, connectionString);
    }

    private static IServiceCollection Add(IServiceCollection services, object? serviceKey, string? connectionString)
    {
        if (connectionString is not null)
        {
            _ = ConnectionString.Parse(connectionString, nameof(connectionString));
        }

        services.TryAdd(ServiceDescriptor.KeyedSingleton<IAiSystemSpecMigrator>(
            serviceKey,
            (provider, key) =>
            {
                var timeProvider = provider.GetService<TimeProvider>() ?? TimeProvider.System;
                return new Migrator(FindSource(provider, key, connectionString, timeProvider), timeProvider);
            }));
        return services;
    }

    private static ConnectionSource FindSource(
        IServiceProvider provider, object? serviceKey, string? connectionString, TimeProvider timeProvider)
    {
        if (connectionString is not null)
        {
            // Few and long-lived connections: closing one surely ends what it held.
            var settings = ConnectionString.Parse(connectionString, nameof(connectionString));
            settings.Pooling = false;
            return new ConnectionSource(OwnDataSource.Build(settings, provider.GetService<ILoggerFactory>()), ownsDataSource: true, timeProvider);
        }

        var shared = provider.GetKeyedService<Func<NpgsqlDataSource>>(SharedConnection.KeyOf(serviceKey))
            ?? throw new InvalidOperationException(
                "The migrator has no connection. Pass a connection string to AddAiSystemSpecMigrations, or register the services with AddAiSystemSpec under the same key.");
        return new ConnectionSource(shared(), ownsDataSource: false, timeProvider);
    }
}

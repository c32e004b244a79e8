using AiSystemSpec.Sdk;
using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Connections.Opening;
using AiSystemSpec.Sdk.Connections.Settings;
using AiSystemSpec.Sdk.DependencyInjection;
using AiSystemSpec.Sdk.Research;
using AiSystemSpec.Sdk.Research.Similarity;
using AiSystemSpec.Sdk.Retention;
using AiSystemSpec.Sdk.Runs;
using AiSystemSpec.Sdk.Runs.History;
using AiSystemSpec.Sdk.Scripts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the SDK's services.</summary>
public static class AiSystemSpecServiceCollectionExtensions
{
    /// <summary>
    /// Registers the services of one database as singletons: <see cref="IResearchCache"/>, <see cref="IResearchSearch"/>,
    /// <see cref="IScriptStore"/>, <see cref="IRunLogger"/>, <see cref="IRunHistory"/>, <see cref="IRetention"/> and
    /// <see cref="IDbContextFactory{TContext}"/>.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="connectionString">Npgsql's form, libpq's (<c>host=… password=…</c>), or a <c>postgresql://</c> URI.</param>
    /// <param name="configure">Sets further options; runs after the configuration section <c>AiSystemSpec</c> was bound.</param>
    /// <returns>The same services.</returns>
    /// <remarks>
    /// <para>Safe to call twice. Nothing is connected to or changed until a service is used; tables are made by
    /// <c>AiSystemSpec.Sdk.Migrations</c>.</para>
    /// <para>
    /// What the database refuses, every service throws as the server's <see cref="PostgresException"/>, with its SQLSTATE. Where a table,
    /// a column or a right is missing (42P01, 3F000, 42703, 42501), its text says which, and names the <c>aispec</c> command that helps;
    /// so does LINQ over the SDK's context.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentException">The connection string is blank or cannot be read.</exception>
    /// <exception cref="InvalidOperationException">Another connection string is registered already.</exception>
    public static IServiceCollection AddAiSystemSpec(
        this IServiceCollection services, string connectionString, Action<AiSystemSpecOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        _ = ConnectionString.Parse(connectionString, nameof(connectionString));
        return Add(services, serviceKey: null, connectionString, configure);
    }

    /// <summary>
    /// Registers the services over the options' connection, <c>ConnectionStrings:AiSystemSpec</c>, or the <see cref="NpgsqlDataSource"/>
    /// in the container, in this order.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets options; runs after the configuration section <c>AiSystemSpec</c> was bound.</param>
    /// <returns>The same services.</returns>
    /// <remarks>Safe to call twice.</remarks>
    public static IServiceCollection AddAiSystemSpec(this IServiceCollection services, Action<AiSystemSpecOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        return Add(services, serviceKey: null, connectionString: null, configure);
    }

    /// <summary>Registers the services of another database under a key.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="serviceKey">The key under which the services are resolved.</param>
    /// <param name="configure">
    /// Names the connection (<see cref="AiSystemSpecOptions.ConnectionString"/> or <see cref="AiSystemSpecOptions.DataSource"/>), which
    /// no other source gives here.
    /// </param>
    /// <returns>The same services.</returns>
    /// <remarks>Safe to call twice with one key.</remarks>
    public static IServiceCollection AddKeyedAiSystemSpec(
        this IServiceCollection services, object serviceKey, Action<AiSystemSpecOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(serviceKey);
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, serviceKey, connectionString: null, configure);
    }

    /// <summary>Registers the services over a connection string that the configuration has under a name.</summary>
    internal static IServiceCollection AddNamed(
        IServiceCollection services, object? serviceKey, string connectionName, Action<AiSystemSpecOptions>? configure) =>
        Add(services, serviceKey, connectionString: null, configure, connectionName);

    private static IServiceCollection Add(
        IServiceCollection services, object? serviceKey, string? connectionString, Action<AiSystemSpecOptions>? configure, string? connectionName = null)
    {
        var known = services.Select(service => service.IsKeyedService ? null : service.ImplementationInstance).OfType<Registration>().ToList();
        var registration = known.Find(other => Equals(other.Key, serviceKey));
        if (registration is null)
        {
            registration = new Registration(serviceKey, serviceKey is null ? Options.Options.DefaultName : $"AiSystemSpec#{known.Count}", connectionString)
            {
                ConnectionName = connectionName,
            };
            services.AddSingleton(registration);
            AddOptions(services, registration);
            AddServices(services, registration);
        }
        else if ((connectionString is not null && !string.Equals(connectionString, registration.ConnectionString, StringComparison.Ordinal))
            || (connectionName is not null && !string.Equals(connectionName, registration.ConnectionName, StringComparison.Ordinal)))
        {
            throw new InvalidOperationException(
                "AddAiSystemSpec was called before with another connection. Register a second database with AddKeyedAiSystemSpec and resolve its services by key.");
        }

        if (connectionString is not null)
        {
            services.Configure<AiSystemSpecOptions>(registration.OptionsName, options => options.ConnectionString = connectionString);
        }

        if (configure is not null)
        {
            services.Configure(registration.OptionsName, configure);
        }

        return services;
    }

    private static void AddOptions(IServiceCollection services, Registration registration)
    {
        var name = registration.OptionsName;
        services.AddSingleton<IConfigureOptions<AiSystemSpecOptions>>(provider => new ConfigurationBinding(provider, registration));
        services.AddSingleton<IValidateOptions<AiSystemSpecOptions>>(new AiSystemSpecOptionsValidator(name));
        services.AddOptions<AiSystemSpecOptions>(name).ValidateOnStart();
    }

    private static void AddServices(IServiceCollection services, Registration registration)
    {
        services.AddLogging();
        AddSingleton(provider => DatabaseFactory.Create(provider, registration));
        services.TryAddKeyedSingleton<Func<NpgsqlDataSource>>(
            SharedConnection.KeyOf(registration.Key), (provider, _) => () => Get<Database>(provider).OriginalDataSource);
        AddSingleton<IDbContextFactory<AiSystemSpecDbContext>>(provider => new AiSystemSpecDbContextFactory(Get<Database>(provider)));
        AddSingleton<IResearchCache>(provider => new ResearchCache(Get<Database>(provider), OptionsOf(provider), TimeOf(provider), LoggerOf<IResearchCache>(provider)));
        AddSingleton<IResearchSearch>(provider => new ResearchSearch(Get<Database>(provider), OptionsOf(provider)));
        AddSingleton<IScriptStore>(provider => new ScriptStore(Get<Database>(provider), TimeOf(provider), LoggerOf<IScriptStore>(provider)));
        AddSingleton(provider => new RunLogger(Get<Database>(provider), OptionsOf(provider), registration.Name, TimeOf(provider), LoggerOf<IRunLogger>(provider)));
        AddSingleton<IRunLogger>(Get<RunLogger>);
        AddSingleton<IRunHistory>(provider => new RunHistory(Get<Database>(provider), OptionsOf(provider).RunLog.Redactions));
        AddSingleton<IRetention>(provider => new Purger(Get<Database>(provider), TimeOf(provider), LoggerOf<IRetention>(provider)));

        void AddSingleton<TService>(Func<IServiceProvider, TService> create)
            where TService : class =>
            services.TryAdd(ServiceDescriptor.KeyedSingleton(registration.Key, (provider, _) => create(provider)));

        TService Get<TService>(IServiceProvider provider)
            where TService : notnull =>
            registration.Key is null ? provider.GetRequiredService<TService>() : provider.GetRequiredKeyedService<TService>(registration.Key);

        AiSystemSpecOptions OptionsOf(IServiceProvider provider) =>
            provider.GetRequiredService<IOptionsMonitor<AiSystemSpecOptions>>().Get(registration.OptionsName);
    }

    private static TimeProvider TimeOf(IServiceProvider provider) => provider.GetService<TimeProvider>() ?? TimeProvider.System;

    private static ILogger LoggerOf<T>(IServiceProvider provider) =>
        provider.GetService<ILoggerFactory>()?.CreateLogger<T>() ?? NullLogger<T>.Instance;
}

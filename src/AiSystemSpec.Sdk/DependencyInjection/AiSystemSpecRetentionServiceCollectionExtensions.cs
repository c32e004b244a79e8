using AiSystemSpec.Sdk;
using AiSystemSpec.Sdk.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the hosted service that deletes old rows.</summary>
public static class AiSystemSpecRetentionServiceCollectionExtensions
{
    /// <summary>
    /// Purges the database of <c>AddAiSystemSpec</c> when the host starts, and then at intervals. Nothing is deleted without a rule.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets what to keep.</param>
    /// <returns>The same services.</returns>
    /// <remarks>
    /// Safe to call twice: one service runs, with the options of both calls. Any number of hosts may run it: one purges at a time.
    /// </remarks>
    public static IServiceCollection AddAiSystemSpecRetention(this IServiceCollection services, Action<RetentionOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, serviceKey: null, configure);
    }

    /// <summary>The same for the database that <c>AddKeyedAiSystemSpec</c> registered under a key.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="serviceKey">The key of <c>AddKeyedAiSystemSpec</c>.</param>
    /// <param name="configure">Sets what to keep.</param>
    /// <returns>The same services.</returns>
    /// <remarks>Safe to call twice with one key.</remarks>
    public static IServiceCollection AddKeyedAiSystemSpecRetention(
        this IServiceCollection services, object serviceKey, Action<RetentionOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(serviceKey);
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, serviceKey, configure);
    }

    private static IServiceCollection Add(IServiceCollection services, object? serviceKey, Action<RetentionOptions> configure)
    {
        var known = services.Select(service => service.IsKeyedService ? null : service.ImplementationInstance).OfType<RetentionRegistration>().ToList();
        var registration = known.Find(other => Equals(other.Key, serviceKey));
        if (registration is null)
        {
            var name = serviceKey is null ? Options.Options.DefaultName : $"AiSystemSpecRetention#{known.Count}";
            registration = new RetentionRegistration(serviceKey, name);
            services.AddSingleton(registration);
            services.AddSingleton<IValidateOptions<RetentionOptions>>(new RetentionOptionsValidator(name));
            services.AddOptions<RetentionOptions>(name).ValidateOnStart();
            services.AddSingleton<IHostedService>(provider => Create(provider, serviceKey, name));
        }

        return services.Configure(registration.OptionsName, configure);
    }

    private static RetentionService Create(IServiceProvider provider, object? serviceKey, string optionsName)
    {
        var retention = (serviceKey is null ? provider.GetService<IRetention>() : provider.GetKeyedService<IRetention>(serviceKey))
            ?? throw new InvalidOperationException(
                "AddAiSystemSpecRetention has no database. Register it with AddAiSystemSpec, or under the same key with AddKeyedAiSystemSpec.");
        return new RetentionService(
            retention,
            provider.GetRequiredService<IOptionsMonitor<RetentionOptions>>().Get(optionsName),
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetRequiredService<ILoggerFactory>().CreateLogger<IRetention>());
    }
}

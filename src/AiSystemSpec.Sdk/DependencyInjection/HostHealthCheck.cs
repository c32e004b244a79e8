using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace AiSystemSpec.Sdk.DependencyInjection;

/// <summary>The health check that comes with a host's builder: whether it is wanted is known only when the options are.</summary>
internal static class HostHealthCheck
{
    public static void Add(IServiceCollection services, string? serviceKey)
    {
        var name = serviceKey is null ? AiSystemSpecHealthChecksBuilderExtensions.DefaultName : $"{AiSystemSpecHealthChecksBuilderExtensions.DefaultName}-{serviceKey}";
        services.AddHealthChecks().AddAiSystemSpec(name, serviceKey);
        services.AddOptions<HealthCheckServiceOptions>().PostConfigure<IEnumerable<Registration>, IOptionsMonitor<AiSystemSpecOptions>>((health, registrations, options) =>
        {
            var registration = registrations.First(known => Equals(known.Key, serviceKey));
            if (options.Get(registration.OptionsName).DisableHealthChecks)
            {
                foreach (var check in health.Registrations.Where(check => string.Equals(check.Name, name, StringComparison.Ordinal)).ToList())
                {
                    _ = health.Registrations.Remove(check);
                }
            }
        });
    }
}

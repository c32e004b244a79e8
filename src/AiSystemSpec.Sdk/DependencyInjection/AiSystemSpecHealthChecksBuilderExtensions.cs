using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.DependencyInjection;
using AiSystemSpec.Sdk.Runs;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the SDK's health check.</summary>
public static class AiSystemSpecHealthChecksBuilderExtensions
{
    /// <summary>The health check's name where none is given.</summary>
    public const string DefaultName = "ai-system-spec";

    /// <summary>
    /// Adds a check that is unhealthy while the database does not answer, lacks one of the three tables or a column, or does not let the
    /// role read them all and write research and scripts; and degraded where only the run log cannot be written, the database takes only
    /// reads, or run rows were lost within the last minute or wait.
    /// </summary>
    /// <param name="builder">The host's health checks.</param>
    /// <param name="name">The check's name; <c>ai-system-spec</c> by default.</param>
    /// <param name="serviceKey">The key of <c>AddKeyedAiSystemSpec</c>; null for the default registration.</param>
    /// <param name="failureStatus">What to report instead of <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags to filter checks by.</param>
    /// <param name="timeout">How long the check may take; no limit of its own where null.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// <para>Safe to call twice with one name. The description says what is wrong and what to do; it names the host and the role, never a
    /// password.</para>
    /// <para>A host that only reads, with what <c>aispec grant ROLE --as reader</c> gives, passes <see cref="HealthStatus.Degraded"/> as
    /// <paramref name="failureStatus"/>.</para>
    /// </remarks>
    public static IHealthChecksBuilder AddAiSystemSpec(
        this IHealthChecksBuilder builder,
        string name = DefaultName,
        object? serviceKey = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var marker = new HealthCheckMarker(name);
        if (builder.Services.Any(service => !service.IsKeyedService && marker.Equals(service.ImplementationInstance)))
        {
            return builder;
        }

        _ = builder.Services.AddSingleton(marker);
        return builder.Add(new HealthCheckRegistration(name, provider => Create(provider, serviceKey), failureStatus, tags, timeout));
    }

    private static DatabaseHealthCheck Create(IServiceProvider provider, object? serviceKey) => serviceKey is null
        ? new DatabaseHealthCheck(provider.GetRequiredService<Database>(), provider.GetRequiredService<RunLogger>())
        : new DatabaseHealthCheck(provider.GetRequiredKeyedService<Database>(serviceKey), provider.GetRequiredKeyedService<RunLogger>(serviceKey));

    /// <summary>Marks a name that was registered, so that a second call is recognised.</summary>
    private sealed record HealthCheckMarker(string Name);
}

using AiSystemSpec.Sdk;
using AiSystemSpec.Sdk.DependencyInjection;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers the SDK's services in a host, with what a host mostly wants beside them.</summary>
public static class AiSystemSpecHostApplicationBuilderExtensions
{
    /// <summary>Registers the services over a named connection string, and their health check.</summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="connectionName">
    /// The name under <c>ConnectionStrings</c>, where an orchestrator such as Aspire puts what it knows.
    /// </param>
    /// <param name="configure">
    /// Sets further options; runs after the sections <c>AiSystemSpec</c> and <c>AiSystemSpec:NAME</c> were bound, in this order.
    /// </param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// The health check is called <c>ai-system-spec</c>; <see cref="AiSystemSpecOptions.DisableHealthChecks"/> leaves it out. Traces and
    /// metrics are there for whoever listens: hand the names in <see cref="AiSystemSpecTelemetry"/> to OpenTelemetry's <c>AddSource</c>
    /// and <c>AddMeter</c>. Safe to call twice.
    /// </remarks>
    /// <exception cref="ArgumentException">The name is blank.</exception>
    /// <exception cref="InvalidOperationException">The services are registered already, over another connection.</exception>
    public static IHostApplicationBuilder AddAiSystemSpec(
        this IHostApplicationBuilder builder, string connectionName, Action<AiSystemSpecOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionName);
        return Add(builder, serviceKey: null, connectionName, configure);
    }

    /// <summary>Registers the services of a further database under its name as a key, and their health check.</summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="name">The key, and the name under <c>ConnectionStrings</c>.</param>
    /// <param name="configure">
    /// Sets further options; runs after the sections <c>AiSystemSpec</c> and <c>AiSystemSpec:NAME</c> were bound, in this order.
    /// </param>
    /// <returns>The same builder.</returns>
    /// <remarks>The health check is called <c>ai-system-spec-NAME</c>. The rest is as in <see cref="AddAiSystemSpec"/>.</remarks>
    /// <exception cref="ArgumentException">The name is blank.</exception>
    public static IHostApplicationBuilder AddKeyedAiSystemSpec(
        this IHostApplicationBuilder builder, string name, Action<AiSystemSpecOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Add(builder, name, name, configure);
    }

    private static IHostApplicationBuilder Add(
        IHostApplicationBuilder builder, string? serviceKey, string connectionName, Action<AiSystemSpecOptions>? configure)
    {
        AiSystemSpecServiceCollectionExtensions.AddNamed(builder.Services, serviceKey, connectionName, configure);
        HostHealthCheck.Add(builder.Services, serviceKey);
        return builder;
    }
}

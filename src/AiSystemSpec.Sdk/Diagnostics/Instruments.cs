using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;

namespace AiSystemSpec.Sdk.Diagnostics;

/// <summary>
/// The SDK's source and meter, one of each for the process. Names follow OpenTelemetry's conventions
/// (opentelemetry.io/docs/specs/semconv/general/naming); units are UCUM. Topics and run ids are never tags of metrics: they have no bound.
/// </summary>
internal static class Instruments
{
    public static readonly ActivitySource Activities = new(AiSystemSpecTelemetry.ActivitySourceName, Version);

    public static readonly Meter Meter = new(AiSystemSpecTelemetry.MeterName, Version);

    // Without the commit that the build puts behind it.
    private static string? Version =>
        typeof(Instruments).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];

    /// <summary>Tells the registrations of one process apart.</summary>
    public static KeyValuePair<string, object?> DatabaseTag(string database) => new(AiSystemSpecTelemetry.TagPrefix + "database", database);

    public static KeyValuePair<string, object?> Tag(string name, object? value) => new(AiSystemSpecTelemetry.TagPrefix + name, value);
}

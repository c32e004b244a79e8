using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace AiSystemSpec.Sdk.Diagnostics;

/// <summary>
/// The SDK's instruments, one set for the process. Names follow OpenTelemetry's conventions
/// (opentelemetry.io/docs/specs/semconv/general/naming); units are UCUM. Topics and run ids are never tags: they have no bound.
/// </summary>
internal static class Instruments
{
    public static readonly ActivitySource Activities = new(AiSystemSpecTelemetry.ActivitySourceName);

    public static readonly Meter Meter = new(AiSystemSpecTelemetry.MeterName);
}

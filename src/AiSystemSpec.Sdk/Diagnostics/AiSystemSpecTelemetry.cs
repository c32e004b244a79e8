namespace AiSystemSpec.Sdk;

/// <summary>
/// The names under which hosts listen to the SDK, for example in OpenTelemetry's <c>AddSource</c> and <c>AddMeter</c>. Source and meter
/// carry the package's version.
/// </summary>
/// <remarks>
/// Tags of the SDK's own begin with <c>aisystemspec.</c>; each instrument has <c>aisystemspec.database</c>: <c>default</c>, or the key of
/// a keyed registration.
/// </remarks>
public static class AiSystemSpecTelemetry
{
    /// <summary>The name of the activity source.</summary>
    public const string ActivitySourceName = "AiSystemSpec.Sdk";

    /// <summary>The name of the meter.</summary>
    public const string MeterName = "AiSystemSpec.Sdk";

    /// <summary>How the tags of the SDK's own begin.</summary>
    public const string TagPrefix = "aisystemspec.";
}

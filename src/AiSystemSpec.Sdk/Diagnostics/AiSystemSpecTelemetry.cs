namespace AiSystemSpec.Sdk;

/// <summary>The names under which hosts listen to the SDK, for example in OpenTelemetry's <c>AddSource</c> and <c>AddMeter</c>.</summary>
public static class AiSystemSpecTelemetry
{
    /// <summary>The name of the activity source.</summary>
    public const string ActivitySourceName = "AiSystemSpec.Sdk";

    /// <summary>The name of the meter.</summary>
    public const string MeterName = "AiSystemSpec.Sdk";
}

using System.Globalization;

namespace AiSystemSpec.Sdk.IntegrationTests.Runs;

/// <summary>How often a test of random moments is repeated: a few times in a normal run, in full with <c>AISYSTEMSPEC_TRIALS=full</c>.</summary>
internal static class Trials
{
    private static bool IsFull => string.Equals(Environment.GetEnvironmentVariable("AISYSTEMSPEC_TRIALS"), "full", StringComparison.Ordinal);

    public static int Of(int full, int few) => IsFull ? full : few;

    public static string Line(string what, params object[] values) => string.Format(CultureInfo.InvariantCulture, what, values);
}

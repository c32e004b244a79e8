namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>
/// The two sizes of a test of a reliability promise: a few trials in every run, the full number with <c>AISYSTEMSPEC_TRIALS=full</c>.
/// </summary>
internal static class Trials
{
    public static bool IsFull => string.Equals(Environment.GetEnvironmentVariable("AISYSTEMSPEC_TRIALS"), "full", StringComparison.Ordinal);

    public static int Count(int few, int full) => IsFull ? full : few;
}

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>How often a test of chance is repeated: a few times, or with <c>AISYSTEMSPEC_TRIALS=full</c> as often as is worth a coffee.</summary>
internal static class Trials
{
    public static int Count(int few, int full) => Environment.GetEnvironmentVariable("AISYSTEMSPEC_TRIALS") is "full" ? full : few;
}

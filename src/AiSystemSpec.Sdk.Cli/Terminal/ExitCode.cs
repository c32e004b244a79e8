namespace AiSystemSpec.Sdk.Cli.Terminal;

/// <summary>What the tool's exit codes mean; scripts rely on them.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    public const int FailedOrRefused = 1;

    public const int Usage = 2;

    /// <summary>Of <c>status</c> and <c>plan</c>.</summary>
    public const int PendingMigrations = 3;

    /// <summary>Of <c>verify</c>.</summary>
    public const int Drift = 4;

    public const int CannotConnect = 5;
}

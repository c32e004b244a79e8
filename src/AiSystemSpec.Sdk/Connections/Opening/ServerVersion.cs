namespace AiSystemSpec.Sdk.Connections.Opening;

/// <summary>Which servers the SDK is made for.</summary>
internal static class ServerVersion
{
    private const int Oldest = 15;

    /// <summary>Says what is wrong with a server that is too old; null where nothing is.</summary>
    public static string? DescribeIfTooOld(Version version) => version.Major >= Oldest
        ? null
        : $"The server is PostgreSQL {version}. The SDK is made for {Oldest} and newer: upgrade the server, or connect to another.";
}

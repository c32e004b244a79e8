using Npgsql;

namespace AiSystemSpec.Sdk.Connections.Parsing;

/// <summary>The values of <c>sslmode</c>, libpq's and those of other clients with the same meaning.</summary>
internal static class TlsValues
{
    /// <exception cref="ConnectionTextException">There is no such value.</exception>
    public static SslMode ReadMode(string name, string value) => LibpqNames.Normalize(value) switch
    {
        "disable" or "false" or "0" or "off" or "no" => SslMode.Disable,
        "allow" => SslMode.Allow,
        "prefer" => SslMode.Prefer,
        "require" or "noverify" => SslMode.Require, // node's no-verify is what libpq's require is: TLS whose certificate nobody looks at
        "verifyca" => SslMode.VerifyCA,
        "verifyfull" => SslMode.VerifyFull,
        _ => throw new ConnectionTextException($"The parameter {name} has a value that it cannot have."),
    };
}

using AiSystemSpec.Sdk.Connections.Parsing;
using Npgsql;

namespace AiSystemSpec.Sdk.Testing.Configured;

/// <summary>
/// Reads a connection in any form that the SDK reads, with the same sources: keywords, Npgsql's or libpq's, or an address
/// (<c>postgresql://…</c>).
/// </summary>
/// <remarks>What it says about a text that it cannot read holds nothing of the text: it may hold a password.</remarks>
internal static class ConnectionText
{
    public static NpgsqlConnectionStringBuilder Parse(string text)
    {
        try
        {
            var settings = ConnectionParser.Parse(text).Settings;
            settings.Host = string.IsNullOrEmpty(settings.Host) ? "localhost" : settings.Host;
            if (!settings.Host.Contains(',', StringComparison.Ordinal))
            {
                settings.TargetSessionAttributes = null; // Npgsql takes this wish of several hosts only
            }

            return settings;
        }
        catch (ConnectionTextException exception)
        {
            throw new InvalidOperationException(
                $"The connection is neither keywords ('Host=…;Username=…') nor an address ('postgresql://user:password@host:port/database?sslmode=require'). {exception.Message}", exception);
        }
    }
}

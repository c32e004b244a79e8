using Npgsql;

namespace AiSystemSpec.Sdk.Testing.Configured;

/// <summary>Reads a connection in either form: keywords (<c>Host=…;Username=…</c>) or an address (<c>postgresql://…</c>).</summary>
/// <remarks>What it says about a text that it cannot read holds nothing of the text: it may hold a password.</remarks>
internal static class ConnectionText
{
    public static NpgsqlConnectionStringBuilder Parse(string text)
    {
        try
        {
            return AddressParser.IsAddress(text) ? AddressParser.Parse(text) : new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or NotSupportedException)
        {
#pragma warning disable MA0054 // The inner exception may quote the text.
            throw new InvalidOperationException(
                "The connection is neither keywords ('Host=…;Username=…') nor an address ('postgresql://user:password@host:port/database?sslmode=require').");
#pragma warning restore MA0054
        }
    }
}

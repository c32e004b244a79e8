using System.Text.RegularExpressions;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections.Parsing;

/// <summary>
/// Reads a connection as people paste it: a <c>postgresql://</c> URI, libpq's keywords (<c>host=… password=…</c>), or Npgsql's
/// (<c>Host=…;Password=…</c>). This folder's sources are compiled into the Testing package too: both read the same.
/// </summary>
internal static partial class ConnectionParser
{
    /// <exception cref="ConnectionTextException">The text cannot be read.</exception>
    public static ParsedConnection Parse(string text)
    {
        text = text.Trim();
        var parsed = PostgresUri.IsUri(text) ? PostgresUri.Parse(text)
            : KeywordString.IsOne(text) ? KeywordString.Parse(text)
            : new ParsedConnection(ReadNpgsqlForm(text), []);
        ThrowIfSwallowed(parsed.Settings);
        return parsed;
    }

    private static NpgsqlConnectionStringBuilder ReadNpgsqlForm(string text)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(text);
            return !PairInside().IsMatch(settings.Username ?? "") && !PairInside().IsMatch(settings.Database ?? "")
                ? settings
                : throw new ConnectionTextException("The user or the database holds white space and another pair. Separate the pairs by ';', as in Username=…;Database=….");
        }
        catch (Exception exception) when (exception is ArgumentException or (FormatException and not ConnectionTextException) or KeyNotFoundException or InvalidCastException or OverflowException or NotSupportedException)
        {
#pragma warning disable MA0054 // The inner exception may quote a value, and with it a password: it is left out on purpose.
            throw new ConnectionTextException(
                "Write it in Npgsql's form (Host=…;Username=…;Password=…;Database=…), with a value that holds ';' or quotes in quotes, or as a postgresql:// URI, with special characters percent-encoded.");
#pragma warning restore MA0054
        }
    }

    // What swallowed other pairs may have swallowed the password: it would be printed in errors, and asked of a name server.
    private static void ThrowIfSwallowed(NpgsqlConnectionStringBuilder settings)
    {
        foreach (var host in (settings.Host ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            var isFolder = host.StartsWith('/') || host.StartsWith('@') || DriveLetter().IsMatch(host);
            if (isFolder ? host.Contains('=', StringComparison.Ordinal) : !HostName().IsMatch(host))
            {
                throw new ConnectionTextException("A host has characters that no name of a host has. Separate the pairs by ';', as in Host=…;Username=…, and put a value that holds special characters in quotes.");
            }
        }
    }

    // Each of the patterns of this folder is linear as it is; the engine without backtracking cost a third of what a short program does
    // in all.
    [GeneratedRegex(@"^[\p{L}\p{M}\p{N}._:%\[\]-]*$", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex HostName();

    [GeneratedRegex(@"^[A-Za-z]:[\\/]", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex DriveLetter();

    [GeneratedRegex(@"\s\w+\s*=", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex PairInside();
}

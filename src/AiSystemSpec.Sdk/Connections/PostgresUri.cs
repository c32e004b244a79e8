using System.Globalization;
using System.Text;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections;

/// <summary>Reads <c>postgresql://</c> URIs as libpq does; Supabase and other services hand them out.</summary>
internal static class PostgresUri
{
    private const int MaxPort = 65_535;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static bool IsUri(string text) =>
        text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="PostgresUriException">The URI cannot be read.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string uri)
    {
        var builder = new NpgsqlConnectionStringBuilder();
        var rest = uri[(uri.IndexOf("://", StringComparison.Ordinal) + 3)..];
        if (FindEndOfUser(rest) is var at and >= 0)
        {
            SetUser(builder, rest[..at]);
            rest = rest[(at + 1)..];
        }

        rest = Cut(rest, '?', out var query);
        rest = Cut(rest, '/', out var database);
        // The hosts come first: where a password was not encoded, an error here has not looked at its rest.
        var hosts = new UriHosts(rest);
        if (!string.IsNullOrEmpty(database))
        {
            builder.Database = Decode(database);
        }

        foreach (var pair in (query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = Decode(Cut(pair, '=', out var value));
            UriParameters.Set(builder, hosts, name, Decode(value ?? throw new PostgresUriException("A parameter has no value. Write name=value.")));
        }

        UriParameters.Complete(builder);
        hosts.WriteTo(builder);
        return builder;
    }

    public static string Cut(string text, char separator, out string? tail)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        tail = at < 0 ? null : text[(at + 1)..];
        return at < 0 ? text : text[..at];
    }

    public static int ReadPort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= MaxPort
            ? port
            : throw new PostgresUriException($"A port is not a number from 1 to {MaxPort}. Correct it, or percent-encode the special characters of the password.");

    public static string Decode(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '%')
            {
                var length = char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(text, at, length));
                at += length - 1;
                continue;
            }

            bytes.Add(at + 2 < text.Length && byte.TryParse(text.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && code > 0
                ? code
                : throw new PostgresUriException("A percent sign is not followed by two hexadecimal digits. Write a percent sign of the password as %25."));
            at += 2;
        }

        try
        {
            return StrictUtf8.GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            throw new PostgresUriException("Percent-encoded characters are not UTF-8.");
        }
    }

    /// <summary>
    /// Finds the '@' that ends user and password: the last before host, path or query, since a password may hold others. Where there is
    /// none, the password may hold a '?'; never a '/'. libpq reads it so, too.
    /// </summary>
    private static int FindEndOfUser(string rest)
    {
        var beforePath = Cut(rest, '/', out _);
        var at = Cut(beforePath, '?', out _).LastIndexOf('@');
        return at >= 0 ? at : beforePath.LastIndexOf('@');
    }

    private static void SetUser(NpgsqlConnectionStringBuilder builder, string userInfo)
    {
        var user = Decode(Cut(userInfo, ':', out var password));
        builder.Username = user.Length > 0 ? user : null;
        builder.Password = string.IsNullOrEmpty(password) ? null : Decode(password);
    }
}

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections.Parsing;

/// <summary>
/// Reads <c>postgresql://</c> URIs as libpq does; Supabase and other services hand them out, and frameworks add a driver's name to the
/// scheme.
/// </summary>
internal static partial class PostgresUri
{
    private const int MaxPort = 65_535;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static bool IsUri(string text) => Scheme().IsMatch(text);

    /// <exception cref="ConnectionTextException">The URI cannot be read.</exception>
    public static ParsedConnection Parse(string uri)
    {
        var parameters = new LibpqParameters();
        var isJdbc = uri.StartsWith("jdbc:", StringComparison.OrdinalIgnoreCase);
        parameters.PlainSsl = isJdbc ? SslMode.VerifyFull : SslMode.Require;

        var rest = uri[(uri.IndexOf("://", StringComparison.Ordinal) + 3)..];
        if (FindEndOfUser(rest) is var at and >= 0)
        {
            SetUser(parameters.Settings, rest[..at]);
            rest = rest[(at + 1)..];
        }

        rest = Cut(rest, '?', out var query);
        rest = Cut(rest, '/', out var database);
        // The hosts come first: where a password was not encoded, an error here has not looked at its rest.
        parameters.Hosts = new HostList(rest);
        if (!string.IsNullOrEmpty(database))
        {
            parameters.Settings.Database = !database.Contains('@', StringComparison.Ordinal)
                ? Decode(database)
                : throw new ConnectionTextException("An '@' stands behind the '/' that ends the hosts. Percent-encode the special characters of the password ('/' as %2F), or write an '@' of the database's name as %40.");
        }

        // A bare '@' may be the one that ends a password, of which the rest would then be a piece. JDBC has user and password among its
        // parameters.
        var isBare = query?.Contains('@', StringComparison.Ordinal) == true;
        if (isBare && !isJdbc)
        {
            throw new ConnectionTextException("An '@' stands among the parameters. Percent-encode the special characters of the password ('/' as %2F, '?' as %3F), or write an '@' of a parameter as %40.");
        }

        var mayName = !isBare; // behind a password among the parameters, a name may be a piece of it
        foreach (var pair in (query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = Decode(Cut(pair, '=', out var value));
            mayName = mayName && !name.Contains("password", StringComparison.OrdinalIgnoreCase);
            parameters.Set(name, Decode(value ?? throw new ConnectionTextException("A parameter has no value. Write name=value.")), mayName && PlainName().IsMatch(name));
        }

        return parameters.Complete();
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
            : throw new ConnectionTextException($"A port is not a number from 1 to {MaxPort}. Correct it, or percent-encode the special characters of the password.");

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
                : throw new ConnectionTextException("A percent sign is not followed by two hexadecimal digits. Write a percent sign of the password as %25."));
            at += 2;
        }

        try
        {
            return StrictUtf8.GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            throw new ConnectionTextException("Percent-encoded characters are not UTF-8.");
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

    [GeneratedRegex(@"^(jdbc:)?(postgres|postgresql|postgis|pgsql)(\+[a-z0-9_]+)?://", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Scheme();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_. -]{0,40}$", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex PlainName();
}

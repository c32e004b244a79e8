using System.Text;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections.Settings;

/// <summary>What operators read in <c>pg_stat_activity.application_name</c>.</summary>
internal static class SessionName
{
    /// <summary>The sessions of the SDK's own connections, where neither the string nor PGAPPNAME names them.</summary>
    public const string Default = "AiSystemSpec.Sdk";

    private const int MaxLength = 63; // PostgreSQL cuts longer ones
    private const string Mark = "[AiSystemSpec ";

    public static void SetDefault(NpgsqlConnectionStringBuilder settings)
    {
        if (string.IsNullOrEmpty(settings.ApplicationName) && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("PGAPPNAME")))
        {
            settings.ApplicationName = Default;
        }
    }

    /// <summary>
    /// A utility statement that says until the end of the transaction what the session is for: <c>orders [AiSystemSpec research
    /// lock]</c>. Only for the transaction, so that it holds behind a transaction pooler and reaches no other client; and a utility
    /// statement, so that it takes no snapshot.
    /// </summary>
    /// <param name="connection">The open connection, whose own name is kept in front.</param>
    /// <param name="purpose">What the session is for: plain letters.</param>
    public static string SetLocal(NpgsqlConnection connection, string purpose)
    {
        var suffix = $"{Mark}{purpose}]";
        var name = Plain((connection.PostgresParameters.GetValueOrDefault("application_name") ?? "").Split(Mark)[0].TrimEnd());
        name = name.Length > MaxLength - suffix.Length - 1 ? name[..(MaxLength - suffix.Length - 1)] : name;
        return $"SET LOCAL application_name = '{(name.Length == 0 ? suffix : $"{name} {suffix}")}'";
    }

    // Nothing that could end or escape a literal, whatever standard_conforming_strings says; PostgreSQL itself keeps only printable ASCII.
    private static string Plain(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var letter in name)
        {
            _ = plain.Append(letter is >= ' ' and <= '~' and not ('\'' or '\\' or '[' or ']') ? letter : '?');
        }

        return plain.ToString();
    }
}

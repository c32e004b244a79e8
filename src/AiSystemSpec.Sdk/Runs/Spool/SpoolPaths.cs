using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>Where spools are: rows of one database must never be replayed into another, though both may be given the same folder.</summary>
internal static class SpoolPaths
{
    private const int LongestName = 40;

    /// <summary>The folder of a registration and database; the server is left out, since it is reached under several names and ports.</summary>
    public static string ParentOf(string directory, string registration, string connectionString)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        return Path.Combine(Path.GetFullPath(directory), $"{NameOf(registration)}-{NameOf(connection.Database ?? connection.Username ?? "")}");
    }

    public static string SetAsideIn(string parent) => Path.Combine(parent, "set-aside.jsonl");

    /// <summary>A name that every file system takes; different texts have different names.</summary>
    private static string NameOf(string text)
    {
        var name = string.Concat(text.Take(LongestName).Select(sign => char.IsAsciiLetterLower(sign) || char.IsAsciiDigit(sign) || sign == '_' ? sign : '_'));
        return string.Equals(name, text, StringComparison.Ordinal)
            ? name
            : $"{name}~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 4))}";
    }
}

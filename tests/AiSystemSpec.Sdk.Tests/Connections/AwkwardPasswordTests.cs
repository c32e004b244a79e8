using AiSystemSpec.Sdk.Connections.Settings;
using AiSystemSpec.Sdk.Testing.Configured;
using CsCheck;
using Npgsql;

namespace AiSystemSpec.Sdk.Tests.Connections;

/// <summary>
/// Whatever a password holds and however it was pasted: it is read as one, or refused; no piece of it becomes a host, a user, or a word
/// of an error.
/// </summary>
public sealed class AwkwardPasswordTests
{
    private const string Mark = "S3cretMark";

    private static readonly Gen<string> Junk = Gen.String[Gen.Char["ab01:/?#[]@!$&'()*+,;=% \"\\\t{}|^<>-_.~ä"], 0, 8];

    private static readonly Gen<string> Password = Gen.Select(Junk, Junk, static (before, behind) => before + Mark + behind);

    private static readonly string[] Templates =
    [
        "postgresql://app:{0}@db.example.org:5432/app?sslmode=require",
        "postgresql://app:{0}@db.example.org",
        "postgresql://db.example.org/app?user=app&password={0}",
        "jdbc:postgresql://db.example.org/app?user=app&password={0}&ssl=true",
        "host=db.example.org user=app password={0} dbname=app",
        "host=db.example.org user=app password='{0}' dbname=app",
        "password={0} host=db.example.org",
        "Host=db.example.org;Username=app;Password={0};Database=app",
        "Password={0};Host=db.example.org;Username=app",
        "Host=db.example.org Username=app Password={0}",
        "Host=db.example.org Pasword={0};Username=app",
        "{0}",
    ];

    [Fact]
    public void No_piece_of_a_password_goes_elsewhere() =>
        Gen.Select(Password, Gen.Int[0, Templates.Length - 1]).Sample(
            static (password, template) =>
            {
                var text = Templates[template].Replace("{0}", password, StringComparison.Ordinal);
                Assert.False(Shows(() => ConnectionString.Parse(text, "text")), text);
                Assert.False(Shows(() => ConnectionText.Parse(text)), text);
            },
            iter: 5_000);

    [Fact]
    public void Any_text_is_read_or_refused() =>
        Gen.String[Gen.Char["ab=;:/?@'\\ &%[],\"\0hostpasuer"], 0, 40].Sample(
            static text =>
            {
                foreach (var prefix in (ReadOnlySpan<string>)["", "postgresql://", "host=h ", "host=h password='", "Host=h;", "jdbc:postgresql://"])
                {
                    _ = Shows(() => ConnectionString.Parse(prefix + text, "text"));
                    _ = Shows(() => ConnectionText.Parse(prefix + text));
                }
            },
            iter: 5_000);

    /// <summary>Whether anything but the password shows a piece of it.</summary>
    private static bool Shows(Func<NpgsqlConnectionStringBuilder> parse)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(parse().ConnectionString) { Password = null };
            return settings.ConnectionString.Contains(Mark, StringComparison.OrdinalIgnoreCase);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return exception.ToString().Contains(Mark, StringComparison.OrdinalIgnoreCase);
        }
    }
}

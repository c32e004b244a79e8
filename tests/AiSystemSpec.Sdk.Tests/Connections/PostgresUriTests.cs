using System.Globalization;
using AiSystemSpec.Sdk.Connections;
using CsCheck;
using Npgsql;

namespace AiSystemSpec.Sdk.Tests.Connections;

/// <summary>URIs as libpq documents them (Connection URIs, in the chapter on libpq).</summary>
public sealed class PostgresUriTests
{
    private static readonly Gen<string> Text = Gen.String[Gen.Char["abcXYZ09-._~:/?#[]@!$&'()*+,;=% \"\\äß漢"], 1, 20];

    private static readonly Gen<string> HostName = Gen.OneOf(Gen.String[Gen.Char["abcdefghijklmnop0123456789-."], 1, 20], Gen.Const("::1"), Gen.Const("2001:db8::ff00:42"), Gen.Const("/var/run/postgresql"));

    [Fact]
    public void Parse_of_what_was_built_from_parts_returns_the_parts() =>
        Gen.Select(Text, Text, HostName, Gen.Int[1, 65_535], Text, Text).Sample((user, password, host, port, database, application) =>
        {
            var parsed = PostgresUri.Parse(string.Create(
                CultureInfo.InvariantCulture,
                $"postgresql://{Encode(user)}:{Encode(password)}@{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : Encode(host))}:{port}/{Encode(database)}?application_name={Encode(application)}"));
            var settings = new NpgsqlConnectionStringBuilder(parsed.ConnectionString); // as a data source reads it

            Assert.Equal(
                (user, password, host, port, database, application),
                (settings.Username, settings.Password, settings.Host, settings.Port, settings.Database, settings.ApplicationName));

            static string Encode(string text) => Uri.EscapeDataString(text);
        });

    [Theory]
    [InlineData("postgres://h", "h", 5432)]
    [InlineData("postgresql://h:/db", "h", 5432)]
    [InlineData("postgresql://u@h/", "h", 5432)]
    [InlineData("postgresql://u@[::1]:5433/db", "::1", 5433)]
    [InlineData("postgresql://u@[::1]/db", "::1", 5432)]
    [InlineData("postgresql://u:p@a:5432,b:5433/db", "a:5432,b:5433", 5432)]
    [InlineData("postgresql://a,b:5433/db", "a:5432,b:5433", 5432)]
    [InlineData("postgresql://[::1]:5433,[::2]/db", "[::1]:5433,[::2]:5432", 5432)]
    [InlineData("postgresql:///db?host=/run/postgresql", "/run/postgresql", 5432)]
    [InlineData("postgresql://%2Fvar%2Frun:5433/db", "/var/run", 5433)]
    [InlineData("postgresql:///db?host=h&port=5433", "h", 5433)]
    [InlineData("postgresql:///db?host=a,b&port=5433", "a:5433,b:5433", 5432)]
    [InlineData("postgresql:///db?host=a,b&port=5433,5434", "a:5433,b:5434", 5432)]
    [InlineData("postgresql://other:5433/db?host=h", "h", 5433)]
    public void Parse_reads_hosts_and_ports(string uri, string host, int port)
    {
        var settings = PostgresUri.Parse(uri);
        Assert.Equal((host, port), (settings.Host, settings.Port));
    }

    [Theory]
    [InlineData("disable", SslMode.Disable)]
    [InlineData("allow", SslMode.Allow)]
    [InlineData("prefer", SslMode.Prefer)]
    [InlineData("require", SslMode.Require)]
    [InlineData("verify-ca", SslMode.VerifyCA)]
    [InlineData("verify-full", SslMode.VerifyFull)]
    public void Parse_reads_sslmode(string value, SslMode expected) => Assert.Equal(expected, PostgresUri.Parse($"postgresql://h/db?sslmode={value}").SslMode);

    [Theory]
    [InlineData("postgresql://h/db?ssl=true", SslMode.Require)]
    [InlineData("postgresql://h/db?sslrootcert=system", SslMode.VerifyFull)]
    [InlineData("postgresql://h/db?sslrootcert=system&sslmode=verify-full", SslMode.VerifyFull)]
    public void Parse_reads_other_ways_to_ask_for_tls(string uri, SslMode expected)
    {
        var settings = PostgresUri.Parse(uri);
        Assert.Equal((expected, null), (settings.SslMode, settings.RootCertificate));
    }

    [Theory]
    [InlineData("postgresql://h/db", null, null)]
    [InlineData("postgresql://@h/db", null, null)]
    [InlineData("postgresql://:secret@h/db", null, "secret")]
    [InlineData("postgresql://u:@h/db", "u", null)]
    [InlineData("postgresql://u:p@ss@h/db", "u", "p@ss")]
    [InlineData("postgresql://u:p?ss#:w@h/db", "u", "p?ss#:w")]
    [InlineData("postgresql://h/db?user=u&password=p%26w", "u", "p&w")]
    public void Parse_reads_user_and_password(string uri, string? user, string? password)
    {
        var settings = PostgresUri.Parse(uri);
        Assert.Equal((user, password, "h"), (settings.Username, settings.Password, settings.Host));
    }

    [Fact]
    public void Parse_reads_parameters_of_libpq_and_of_Npgsql()
    {
        var settings = PostgresUri.Parse("postgresql://h/?connect_timeout=7&target_session_attrs=prefer-standby&load_balance_hosts=random&options=-c%20a%3Db&Maximum%20Pool%20Size=3&pgbouncer=true&gssencmode=disable&sslnegotiation=direct&passfile=/p");
        Assert.Equal(
            (7, "prefer-standby", true, "-c a=b", 3, GssEncryptionMode.Disable, SslNegotiation.Direct, "/p", null),
            (settings.Timeout, settings.TargetSessionAttributes, settings.LoadBalanceHosts, settings.Options, settings.MaxPoolSize, settings.GssEncryptionMode, settings.SslNegotiation, settings.Passfile, settings.Database));
    }

    [Theory]
    [InlineData("postgresql://u:hunter2@h:port/db", "port")]
    [InlineData("postgresql://u:hunter2@h:0/db", "port")]
    [InlineData("postgresql://u:hunter2@h:65536/db", "port")]
    [InlineData("postgresql://u:hunter2@a:1,b:x/db", "port")]
    [InlineData("postgresql://u:hunter2@a,b,c/db?port=1,2", "as many ports")]
    [InlineData("postgresql://u:hunter2/3@h/db", "port")]
    [InlineData("postgresql://u:hunter2@,h/db", "no name")]
    [InlineData("postgresql://u:hunter2@[::1/db", "brackets")]
    [InlineData("postgresql://u:hunter2@::1/db", "brackets")]
    [InlineData("postgresql://u:hunter2%@h/db", "%25")]
    [InlineData("postgresql://u:hunter2%zz@h/db", "%25")]
    [InlineData("postgresql://u:hunter2%00@h/db", "%25")]
    [InlineData("postgresql://u:hunter2%ff@h/db", "UTF-8")]
    [InlineData("postgresql://user:pa/ss?Secretword=x@host/db", "port")]
    [InlineData("postgresql://user:12/ss?Secretword=x@host/db", "A parameter is known neither")]
    [InlineData("postgresql://u@h/db?nonsense=hunter2", "A parameter is known neither")]
    [InlineData("postgresql://u@h/db?sslmode=hunter2", "The parameter sslmode has a value")]
    [InlineData("postgresql://u@h/db?connect_timeout=hunter2", "The parameter connect_timeout has a value")]
    [InlineData("postgresql://u@h/db?sslrootcert=system&sslmode=require", "verify-full only")]
    [InlineData("postgresql://u@h/db?sslmode=require&sslrootcert=system", "verify-full only")]
    [InlineData("postgresql://u@h/db?sslrootcert=system&ssl=true", "verify-full only")]
    [InlineData("postgresql://u@h/db?hunter2", "no value")]
    public void Malformed_uri_is_refused_with_the_reason_and_without_being_quoted(string uri, string said)
    {
        var error = Assert.Throws<ArgumentException>("text", () => ConnectionString.Parse(uri, "text"));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Secretword", error.ToString(), StringComparison.Ordinal);
    }
}

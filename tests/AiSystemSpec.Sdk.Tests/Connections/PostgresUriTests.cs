using System.Globalization;
using AiSystemSpec.Sdk.Connections.Settings;
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
            var parsed = Read(string.Create(
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
        var settings = Read(uri);
        Assert.Equal((host, port), (settings.Host, settings.Port));
    }

    /// <summary>As their documentation shows them.</summary>
    [Theory]
    [InlineData("postgresql://postgres.abc:p@aws-0-eu-central-1.pooler.supabase.com:6543/postgres?pgbouncer=true&connection_limit=1&supa=base-pooler.x", "connection_limit, pgbouncer, supa")]
    [InlineData("postgresql://u:p@ep-cool-1.eu-central-1.aws.neon.tech/neondb?sslmode=require&channel_binding=require&connect_timeout=10&pool_timeout=15", "pool_timeout")]
    [InlineData("postgresql://u:p@h:5432/db?schema=public&connection_limit=5&socket_timeout=3&sslaccept=accept_invalid_certs&statement_cache_size=0", "connection_limit, schema, socket_timeout, sslaccept, statement_cache_size")]
    [InlineData("postgresql+asyncpg://u:p@h/db?prepared_statement_cache_size=0&ssl=require", "prepared_statement_cache_size")]
    [InlineData("postgresql+psycopg2://u:p@h/db?keepalives=1&keepalives_idle=30&keepalives_interval=10&keepalives_count=5", "keepalives_count")]
    [InlineData("jdbc:postgresql://h/db?user=u&password=p@ss&currentSchema=app&prepareThreshold=0&reWriteBatchedInserts=true&ApplicationName=jdbc", "currentSchema, prepareThreshold, reWriteBatchedInserts")]
    [InlineData("postgres://u:p@h/db?pool=5&prepared_statements=false&encoding=utf8&reconnect=true", "pool, prepared_statements, reconnect")]
    [InlineData("postgis://u:p@h/db?conn_max_age=600&conn_health_checks=true", "conn_health_checks, conn_max_age")]
    [InlineData("postgres://u:p@h/db?sslmode=no-verify&uselibpqcompat=true&statement_cache_mode=describe&pool_max_conns=10&client_encoding=latin1", "client_encoding, pool_max_conns, statement_cache_mode, uselibpqcompat")]
    [InlineData("postgresql://u:p@h/db?sslmode=verify-full&target_session_attrs=any&gssencmode=disable&application_name=x&options=-c%20a%3Db", "")]
    public void Parse_ignores_what_only_other_clients_understand_and_says_its_names(string uri, string ignored) =>
        Assert.Equal(ignored, string.Join(", ", ConnectionString.Read(uri, "text").Ignored));

    [Theory]
    [InlineData("postgresql://h/db?sslmode=no-verify", SslMode.Require)]
    [InlineData("postgresql://h/db?ssl=0", SslMode.Disable)]
    [InlineData("postgresql+asyncpg://h/db?ssl=verify-full", SslMode.VerifyFull)]
    [InlineData("jdbc:postgresql://h/db?ssl=true", SslMode.VerifyFull)]
    [InlineData("postgresql://h/db?sslaccept=strict", SslMode.VerifyFull)]
    [InlineData("postgresql://h/db?sslmode=require&sslrootcert=/ca.pem", SslMode.VerifyCA)]
    public void Parse_reads_tls_as_the_other_client_means_it(string uri, SslMode expected) => Assert.Equal(expected, Read(uri).SslMode);

    [Theory]
    [InlineData("keepalives_interval=10", true, 7_200, 10)]
    [InlineData("keepalives_idle=30", true, 30, 0)]
    [InlineData("keepalives=0&keepalives_idle=30", false, 0, 0)]
    [InlineData("keepalives_idle=-1", false, 0, 0)]
    public void Parse_reads_keepalives_so_that_Npgsql_can_use_them(string query, bool isOn, int time, int interval)
    {
        var settings = Read($"postgresql://h/db?{query}");
        Assert.Equal((isOn, time, interval), (settings.TcpKeepAlive, settings.TcpKeepAliveTime, settings.TcpKeepAliveInterval));
    }

    [Theory]
    [InlineData("disable", SslMode.Disable)]
    [InlineData("allow", SslMode.Allow)]
    [InlineData("prefer", SslMode.Prefer)]
    [InlineData("require", SslMode.Require)]
    [InlineData("verify-ca", SslMode.VerifyCA)]
    [InlineData("verify-full", SslMode.VerifyFull)]
    public void Parse_reads_sslmode(string value, SslMode expected) =>
        Assert.Equal(expected, Read($"postgresql://h/db?sslmode={value}").SslMode);

    [Theory]
    [InlineData("postgresql://h/db?ssl=true", SslMode.Require)]
    [InlineData("postgresql://h/db?sslrootcert=system", SslMode.VerifyFull)]
    [InlineData("postgresql://h/db?sslrootcert=system&sslmode=verify-full", SslMode.VerifyFull)]
    public void Parse_reads_other_ways_to_ask_for_tls(string uri, SslMode expected)
    {
        var settings = Read(uri);
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
        var settings = Read(uri);
        Assert.Equal((user, password, "h"), (settings.Username, settings.Password, settings.Host));
    }

    [Fact]
    public void Parse_reads_parameters_of_libpq_and_of_Npgsql()
    {
        var settings = Read("postgresql://h/?connect_timeout=7&target_session_attrs=prefer-standby&load_balance_hosts=random&options=-c%20a%3Db&Maximum%20Pool%20Size=3&pgbouncer=true&gssencmode=disable&sslnegotiation=direct&passfile=/p");
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
    [InlineData("postgresql://user:12/ss?Secretword=x@host/db", "among the parameters")]
    [InlineData("postgresql://u@h/db?nonsense=hunter2", "The parameter nonsense is known neither")]
    [InlineData("postgresql://u@h/db?sslmode=hunter2", "The parameter sslmode has a value")]
    [InlineData("postgresql://u@h/db?connect_timeout=hunter2", "The parameter connect_timeout has a value")]
    [InlineData("postgresql://u@h/db?sslrootcert=system&sslmode=require", "verify-full only")]
    [InlineData("postgresql://u@h/db?sslmode=require&sslrootcert=system", "verify-full only")]
    [InlineData("postgresql://u@h/db?sslrootcert=system&ssl=true", "verify-full only")]
    [InlineData("postgresql://u@h/db?hunter2", "no value")]
    [InlineData("postgresql://u:12/hunter2@h/db", "behind the '/'")]
    [InlineData("postgresql://u:p@12/hunter2@h/db", "behind the '/'")]
    [InlineData("postgresql://u:1/x?user=hunter2@h/db", "among the parameters")]
    [InlineData("postgresql://u@h/db?sslcrl=hunter2", "The parameter sslcrl has no equal")]
    [InlineData("postgresql://u@h/db?sslmode=99", "The parameter sslmode has a value")]
    [InlineData("postgresql://u@h/db?channel_binding=2", "The parameter channel_binding has a value")]
    [InlineData("postgresql://u@h/db?ssl_min_protocol_version=TLSv1.3", "The parameter ssl_min_protocol_version has no equal")]
    [InlineData("postgresql://u@h/db?service=hunter2", "The parameter service has no equal")]
    [InlineData("postgresql://u@h/db?role=hunter2", "The parameter role has no equal")]
    [InlineData("postgresql://u@h/db?hostaddr=10.0.0.1&sslmode=verify-full", "hostaddr beside host")]
    public void Malformed_uri_is_refused_with_the_reason_and_without_being_quoted(string uri, string said)
    {
        var error = Assert.Throws<ArgumentException>("text", () => ConnectionString.Parse(uri, "text"));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Secretword", error.ToString(), StringComparison.Ordinal);
    }

    private static NpgsqlConnectionStringBuilder Read(string uri) => ConnectionString.Read(uri, "text").Settings;
}

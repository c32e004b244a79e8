using AiSystemSpec.Sdk.Connections.Settings;
using Npgsql;

namespace AiSystemSpec.Sdk.Tests.Connections;

public sealed class ConnectionStringTests
{
    [Fact]
    public void Parse_reads_a_uri_as_libpq_does()
    {
        var settings = Parse("postgresql://us%40er:p%40ss%3Aw@rd@db.example.org:6543/my%20db?sslmode=verify-full&application_name=app&connect_timeout=7&target_session_attrs=read-write&pgbouncer=true");
        Assert.Equal(
            ("us@er", "p@ss:w@rd", "db.example.org", 6543, "my db", SslMode.VerifyFull, "app", 7),
            (settings.Username, settings.Password, settings.Host, settings.Port, settings.Database, settings.SslMode, settings.ApplicationName, settings.Timeout));
    }

    [Fact]
    public void Parse_never_enlists_in_an_ambient_transaction() => Assert.False(Parse("Host=h;Enlist=true").Enlist);

    [Fact]
    public void Parse_turns_multiplexing_off() => Assert.False(Parse("Host=h;Multiplexing=true").Multiplexing);

    [Theory]
    [InlineData("postgresql://h/db?target_session_attrs=read-write")]
    [InlineData("Host=a,b;Target Session Attributes=standby")]
    public void Parse_takes_no_wish_for_a_kind_of_server(string text) => Assert.Null(Parse(text).TargetSessionAttributes);

    [Theory]
    [InlineData("Host=db.abcdefgh.supabase.co;Username=u", SslMode.Require)]
    [InlineData("Host=db.abcdefgh.supabase.co:5432,localhost;Username=u", SslMode.Require)]
    [InlineData("Host=aws-0-eu-central-1.pooler.supabase.com;SSL Mode=VerifyFull", SslMode.VerifyFull)]
    [InlineData("Host=db.abcdefgh.supabase.co;SSL Mode=Disable", SslMode.Require)]
    [InlineData("Host=supabase.co.example.org", SslMode.Prefer)]
    public void Parse_requires_tls_for_supabase_hosts(string text, SslMode expected) => Assert.Equal(expected, Parse(text).SslMode);

    [Theory]
    [InlineData("Host=a,b", 5, 60)]
    [InlineData("Host=a,", 5, 60)]
    [InlineData("Host=a,b;Timeout=7;Host Recheck Seconds=8", 7, 8)]
    [InlineData("Host=a", 15, 10)]
    public void Parse_waits_shortly_for_one_of_several_hosts_and_asks_it_seldom_unless_told_otherwise(
        string text, int timeout, int recheck) =>
        Assert.Equal((timeout, recheck), (Parse(text).Timeout, Parse(text).HostRecheckSeconds));

    [Theory]
    [InlineData("Host=aws-0.pooler.supabase.com;Port=6543;Max Auto Prepare=20", 0)]
    [InlineData("Host=aws-0.pooler.supabase.com:6543;Max Auto Prepare=20", 0)]
    [InlineData("Host=db.abc.supabase.co,aws-0.pooler.supabase.com:6543;Max Auto Prepare=20", 0)]
    [InlineData("Host=aws-0.pooler.supabase.com:5432;Port=6543;Max Auto Prepare=20", 20)]
    [InlineData("Host=aws-0.pooler.supabase.com;Port=5432;Max Auto Prepare=20", 20)]
    [InlineData("Host=localhost;Port=6543;Max Auto Prepare=20", 20)]
    public void Parse_prepares_nothing_through_Supabases_transaction_pooler(string text, int expected) =>
        Assert.Equal(expected, Parse(text).MaxAutoPrepare);

    [Theory]
    [InlineData("Host=a", "a 5432")]
    [InlineData("Host=a:6543;Port=5433", "a 6543")]
    [InlineData("Host=a:6543, b;Port=5433", "a 6543, b 5433")]
    [InlineData("Host=::1;Port=5433", "::1 5433")]
    [InlineData("Host=[::1]", "::1 5432")]
    [InlineData("Host=[::1]:6543", "::1 6543")]
    [InlineData("Host=/run/with:colon", "/run/with:colon 5432")]
    public void HostsOf_reads_names_and_ports(string text, string expected) =>
        Assert.Equal(expected, string.Join(", ", ConnectionString.HostsOf(new NpgsqlConnectionStringBuilder(text)).Select(host => $"{host.Name} {host.Port}")));

    private static NpgsqlConnectionStringBuilder Parse(string text) => ConnectionString.Parse(text, "text");
}

using AiSystemSpec.Sdk.Connections.Opening;
using AiSystemSpec.Sdk.Connections.Settings;
using Npgsql;

namespace AiSystemSpec.Sdk.Tests.Connections;

public sealed class ConnectionAdviceTests
{
    [Theory]
    [InlineData("Host=localhost", "")]
    [InlineData("Host=127.0.0.1;SSL Mode=Disable", "")]
    [InlineData("Host=/var/run/postgresql", "")]
    [InlineData("Host=localhost:5432,127.0.0.1:5433,[::1]:5434", "")]
    [InlineData("Host=db.example.org", "SSL Mode")]
    [InlineData("Host=db.example.org;SSL Mode=Prefer", "SSL Mode")]
    [InlineData("Host=localhost,db.example.org;SSL Mode=Disable", "SSL Mode")]
    [InlineData("Host=db.example.org;SSL Mode=Require", "")]
    [InlineData("Host=db.example.org;SSL Mode=VerifyFull", "")]
    [InlineData("Host=db.abc.supabase.co", "SSL Mode,GSS Encryption Mode")]
    [InlineData("Host=db.abc.supabase.co:5432,localhost;SSL Mode=Require", "GSS Encryption Mode")]
    [InlineData("Host=db.abc.supabase.co;SSL Mode=Require;GSS Encryption Mode=Disable", "")]
    [InlineData("Host=localhost;Maximum Pool Size=3", "Maximum Pool Size")]
    [InlineData("Host=localhost;Maximum Pool Size=4", "")]
    [InlineData("Host=localhost;Maximum Pool Size=1;Pooling=false", "")]
    [InlineData("Host=localhost;Enlist=true", "")]
    public void For_settings_names_those_that_do_not_fit(string text, string expected) =>
        Assert.Equal(expected, Names(ConnectionAdvice.For(new NpgsqlConnectionStringBuilder(text))));

    [Theory]
    [InlineData("Host=h", "", "", "No Reset On Close")]
    [InlineData("Host=h;No Reset On Close=true", "", "", "")]
    [InlineData("Host=h;No Reset On Close=true;Max Auto Prepare=20", "", "", "Max Auto Prepare")]
    [InlineData("Host=h;No Reset On Close=true;Search Path=mine", "", "", "Search Path")]
    [InlineData("Host=h;No Reset On Close=true;Options=-c lock_timeout=1", "", "", "Options")]
    [InlineData("Host=h;Pooling=false", "Pooling", "", "")]
    [InlineData("Host=h;Pooling=false;Search Path=mine;Max Auto Prepare=1", "Pooling", "", "Max Auto Prepare,Search Path")]
    public void For_a_pooler_names_the_settings_that_it_does_not_bear(string text, string direct, string session, string transaction)
    {
        var settings = new NpgsqlConnectionStringBuilder(text);
        Assert.Equal(
            (direct, session, transaction),
            (Names(ConnectionAdvice.For(settings, PoolerMode.None)), Names(ConnectionAdvice.For(settings, PoolerMode.Session)), Names(ConnectionAdvice.For(settings, PoolerMode.Transaction))));
        Assert.Equal(direct.Length + session.Length + transaction.Length > 0, ConnectionAdvice.DependsOnPooler(settings));
    }

    [Theory]
    [InlineData("Host=db.abc.supabase.co;SSL Mode=Disable;GSS Encryption Mode=Require")]
    [InlineData("Host=aws-0.pooler.supabase.com;Port=6543;Max Auto Prepare=20")]
    [InlineData("postgresql://u@db.abc.supabase.co:5432,aws-0.pooler.supabase.com/db")]
    public void For_a_string_that_Parse_has_corrected_there_is_nothing_to_say(string text)
    {
        var settings = ConnectionString.Parse(text, "text");
        Assert.Empty(ConnectionAdvice.For(settings));
        Assert.Empty(ConnectionAdvice.For(settings, PoolerMode.Transaction));
    }

    private static string Names(IEnumerable<ConnectionAdvice> advice) => string.Join(',', advice.Select(one => one.Setting));
}

using AiSystemSpec.Sdk.Testing.Configured;

namespace AiSystemSpec.Sdk.Tests.Testing;

public sealed class ConnectionTextTests
{
    [Theory]
    [InlineData("postgresql://u:p%40ss@db.test:6432/app?sslmode=verify-full", "Host=db.test;Port=6432;Username=u;Password=p@ss;Database=app;SSL Mode=VerifyFull")]
    [InlineData("postgres://u@[::1]:5433/app", "Host=::1;Port=5433;Username=u;Database=app")]
    [InlineData("postgresql://", "Host=localhost")]
    [InlineData("postgresql://u:a:b@h/", "Host=h;Port=5432;Username=u;Password=a:b")]
    [InlineData("postgresql:///app?host=h&port=1&connect_timeout=3&application_name=t", "Host=h;Port=1;Database=app;Timeout=3;Application Name=t")]
    [InlineData("postgresql://a:1,b:2/app?target_session_attrs=read-write", "Host=a:1,b:2;Database=app;Target Session Attributes=read-write")]
    [InlineData("Host=h;Username=u;Password=p", "Host=h;Username=u;Password=p")]
    [InlineData("host=h user=u password='a b' dbname=app", "Host=h;Port=5432;Username=u;Password=a b;Database=app")]
    [InlineData("postgresql://u:p?ss@h/app?pgbouncer=true&ssl=true", "Host=h;Port=5432;Username=u;Password=p?ss;Database=app;SSL Mode=Require")]
    [InlineData("postgresql://h/app?target_session_attrs=read-write", "Host=h;Port=5432;Database=app")]
    public void Parse_reads_both_forms(string text, string expected)
    {
        var parsed = ConnectionText.Parse(text);

        Assert.True(ConnectionText.Parse(expected).EquivalentTo(parsed), parsed.ConnectionString);
    }

    [Theory]
    [InlineData("postgresql://u:secret@h:port/app")]
    [InlineData("postgresql://u:secret@h/app?no_such_parameter=secret")]
    [InlineData("postgresql://u:secret@h/app?sslmode=secret")]
    [InlineData("secret")]
    [InlineData("Host=h;Port=secret")]
    [InlineData("Host=h;Secret=secret")]
    public void Parse_of_nonsense_names_both_forms_and_shows_nothing_of_the_text(string text)
    {
        var failed = Assert.Throws<InvalidOperationException>(() => ConnectionText.Parse(text));

        Assert.Contains("postgresql://", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failed.ToString(), StringComparison.OrdinalIgnoreCase);
    }
}

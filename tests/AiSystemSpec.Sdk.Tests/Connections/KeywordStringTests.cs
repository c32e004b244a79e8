using AiSystemSpec.Sdk.Connections.Settings;
using Npgsql;

namespace AiSystemSpec.Sdk.Tests.Connections;

/// <summary>Keyword strings as libpq documents them (Keyword/Value Connection Strings).</summary>
public sealed class KeywordStringTests
{
    [Theory]
    [InlineData("host=h password=p user=u", "h", "u", "p")]
    [InlineData("  host = h   user = u\n password = p  ", "h", "u", "p")]
    [InlineData("host=h user=u password='a b'", "h", "u", "a b")]
    [InlineData(@"host=h user=u password='it\'s a \\ here'", "h", "u", @"it's a \ here")]
    [InlineData(@"host=h user=u password=a\ b\'c\\d", "h", "u", @"a b'c\d")]
    [InlineData("host=h user=u password=''", "h", "u", null)]
    [InlineData("host=h user=u password=p=w", "h", "u", "p=w")]
    [InlineData("password=a;b host=h user=u", "h", "u", "a;b")]
    [InlineData("host=h user=u password='x;Host=y'", "h", "u", "x;Host=y")]
    [InlineData("USER=u HOST=h PASSWORD=p", "h", "u", "p")]
    [InlineData("hostaddr=10.0.0.1 user=u", "10.0.0.1", "u", null)]
    [InlineData("host=db.example.org hostaddr=10.0.0.1 user=u", "10.0.0.1", "u", null)]
    [InlineData("host=a,b port=5433,5434 user=u", "a:5433,b:5434", "u", null)]
    [InlineData("host=/run/postgresql user=u", "/run/postgresql", "u", null)]
    public void Parse_reads_it_as_libpq_does(string text, string host, string user, string? password)
    {
        var settings = ConnectionString.Read(text, "text").Settings;
        Assert.Equal((host, user, password), (settings.Host, settings.Username, settings.Password));
    }

    [Fact]
    public void Parse_reads_what_the_documentation_of_others_shows()
    {
        var read = ConnectionString.Read("host=localhost user=gorm password=gorm dbname=gorm port=9920 sslmode=disable TimeZone=Asia/Shanghai connect_timeout=10 statement_cache_mode=describe pool_max_conns=10", "text");
        Assert.Equal(("gorm", 9920, SslMode.Disable, "Asia/Shanghai", 10), (read.Settings.Database, read.Settings.Port, read.Settings.SslMode, read.Settings.Timezone, read.Settings.Timeout));
        Assert.Equal(["pool_max_conns", "statement_cache_mode"], read.Ignored);
    }

    [Theory]
    [InlineData("Host=h;Username=u;Password=p")]
    [InlineData("Host=h; Username=u; Password=p")]
    [InlineData("Host = h ; Username = u ; Password = p")]
    [InlineData("Host=h;SSL Mode=Require;Username=u;Password=p")]
    [InlineData("Host=h;Command Timeout=5;Username=u;Password=p")]
    [InlineData("User Id=u;Password=p;Host=h")]
    [InlineData("Password='p';Host=h;Username=u")]
    [InlineData("host=h;user id=u;password=p;")]
    public void Parse_still_reads_Npgsqls_form(string text)
    {
        var settings = ConnectionString.Read(text, "text").Settings;
        Assert.Equal(("h", "u", "p"), (settings.Host, settings.Username, settings.Password));
    }

    [Theory]
    [InlineData("host=h user=u password=two hunter2")]
    [InlineData("host=h user=u password='hunter2")]
    [InlineData("host=h user=u password='hunter2'x")]
    [InlineData("host=h user=u password=my hunter2=word")]
    [InlineData("host=h user=u password=my poolhunter2=word")]
    [InlineData("host=h password=hunter2;Database=d")]
    [InlineData("Host=h Pasword=hunter2")]
    [InlineData("Host=h foo=bar password=hunter2")]
    [InlineData("Username=u Pasword=hunter2;Host=h")]
    [InlineData("Host=postgresql://u:hunter2@h/db")]
    [InlineData("Host=u:hunter2@h;Username=u")]
    [InlineData("host=h sslmode=hunter2")]
    [InlineData("host=h port=hunter2")]
    [InlineData("host=h user=u sslcrl=hunter2")]
    [InlineData("host=h user=u service=hunter2")]
    [InlineData("mysql://u:hunter2@h/db")]
    [InlineData("psql 'postgresql://u:hunter2@h/db?sslmode=require'")]
    public void Malformed_text_is_refused_without_being_quoted(string text)
    {
        var error = Assert.Throws<ArgumentException>(nameof(text), () => ConnectionString.Parse(text, nameof(text)));
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.OrdinalIgnoreCase);
    }
}

using AiSystemSpec.Sdk.Testing;
using AiSystemSpec.Sdk.Testing.Servers;
using AiSystemSpec.Sdk.Testing.Ways;

namespace AiSystemSpec.Sdk.Tests.Testing;

public sealed class WayChoiceTests
{
    private const PostgresWays Configured = PostgresWays.ConfiguredServer;
    private const PostgresWays Docker = PostgresWays.Docker;
    private const PostgresWays Local = PostgresWays.Local;

    [Theory]
    [InlineData(null, null, null, Docker | Local)]
    [InlineData(null, null, "docker", Docker)]
    [InlineData(null, null, "LOCAL", Local)]
    [InlineData(null, "Host=h", null, Configured | Docker | Local)]
    [InlineData(null, "Host=h", "local", Configured | Local)]
    [InlineData(Docker | Local, "Host=h", "local", Local)]
    [InlineData(Docker, "Host=h", "local", Docker)]
    [InlineData(Configured, null, null, Configured)]
    public void Kinds_follow_the_options_and_then_the_environment(
        PostgresWays? options, string? connection, string? way, PostgresWays expected)
    {
        var environment = new TestingEnvironment { Connection = connection, Way = way, SearchFolders = [], TempFolder = "." };

        Assert.Equal(expected, WayChoice.Kinds(new EphemeralPostgresOptions { Ways = options }, environment));
    }

    [Fact]
    public void Kinds_with_a_connection_in_the_options_include_the_configured_server()
    {
        var environment = new TestingEnvironment { SearchFolders = [], TempFolder = "." };

        Assert.Equal(PostgresWays.Any, WayChoice.Kinds(new EphemeralPostgresOptions { ConnectionString = "Host=h" }, environment));
    }

    [Fact]
    public void Kinds_with_an_unknown_word_name_the_variable()
    {
        var environment = new TestingEnvironment { Way = "podman", SearchFolders = [], TempFolder = "." };

        var failed = Assert.Throws<ArgumentException>(() => WayChoice.Kinds(new EphemeralPostgresOptions(), environment));

        Assert.Contains(TestingEnvironment.WayVariable, failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kinds_without_any_way_are_refused()
    {
        var environment = new TestingEnvironment { SearchFolders = [], TempFolder = "." };

        _ = Assert.Throws<ArgumentException>(() => WayChoice.Kinds(new EphemeralPostgresOptions { Ways = PostgresWays.None }, environment));
    }
}

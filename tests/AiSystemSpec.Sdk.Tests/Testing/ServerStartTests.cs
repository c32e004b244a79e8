using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AiSystemSpec.Sdk.Testing;
using AiSystemSpec.Sdk.Testing.Servers;

namespace AiSystemSpec.Sdk.Tests.Testing;

public sealed class ServerStartTests
{
    /// <summary>An image that no engine has and that is refused at once, where an engine answers.</summary>
    private const string NoImage = "127.0.0.1:1/none:0";

    private static readonly TestingEnvironment Nothing = new()
    {
        Connection = "Host=127.0.0.1;Port=1;Username=u;Password=secret",
        SearchFolders = [],
        TempFolder = Path.GetTempPath(),
    };

    [Fact]
    public async Task Start_without_any_server_names_what_each_way_said_and_the_three_remedies()
    {
        var failed = await StartAsync(new EphemeralPostgresOptions { DockerImage = NoImage }, Nothing);

        Assert.Contains("- configured server: ", failed.Message, StringComparison.Ordinal);
        Assert.Contains("- Docker: ", failed.Message, StringComparison.Ordinal);
        Assert.Contains("- local server binaries: ", failed.Message, StringComparison.Ordinal);
        Assert.Contains("Set AISYSTEMSPEC_TEST_CONNECTION", failed.Message, StringComparison.Ordinal);
        Assert.Contains("Start a Docker engine", failed.Message, StringComparison.Ordinal);
        Assert.Contains("AISYSTEMSPEC_PGBIN", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_names_the_folder_that_holds_no_server()
    {
        var failed = await StartAsync(new EphemeralPostgresOptions { Ways = PostgresWays.Local }, Nothing with { Binaries = "/no/such/folder" });

        Assert.Contains("'/no/such/folder' does not hold initdb and postgres", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_that_takes_too_long_says_so()
    {
        using var silent = new TcpListener(IPAddress.Loopback, port: 0);
        silent.Start(); // connected to, and never answers
        var options = new EphemeralPostgresOptions { Ways = PostgresWays.ConfiguredServer, StartupTimeout = TimeSpan.FromMilliseconds(200) };
        var connection = string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Username=nobody;SSL Mode=Disable;Timeout=1");

        var failed = await StartAsync(options, Nothing with { Connection = connection });

        Assert.Contains("no answer within", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_that_is_cancelled_is_cancelled_and_not_a_failure() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => EphemeralPostgres.StartInAsync(new EphemeralPostgresOptions(), Nothing, new CancellationToken(canceled: true)));

    private static Task<EphemeralPostgresException> StartAsync(EphemeralPostgresOptions options, TestingEnvironment environment) =>
        Assert.ThrowsAsync<EphemeralPostgresException>(() => EphemeralPostgres.StartInAsync(options, environment, CancellationToken.None));
}

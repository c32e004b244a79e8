using System.Security.Cryptography;
using AiSystemSpec.Sdk.Testing.Hosts;
using AiSystemSpec.Sdk.Testing.Servers;
using Docker.DotNet;
using DotNet.Testcontainers.Builders;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Testcontainers.PostgreSql;

namespace AiSystemSpec.Sdk.Testing.Containers;

/// <summary>A server in a container of an engine that answers.</summary>
internal sealed class DockerWay(TestingEnvironment environment) : IPostgresWay
{
    private const int PortAttempts = 5;

    public PostgresWays Kind => PostgresWays.Docker;

    public string Name => "Docker";

    public async Task<IPostgresServer> StartAsync(EphemeralPostgresOptions options, CancellationToken cancellationToken)
    {
        var endpoint = await DockerDiscovery.FindAsync(environment.DockerHost, environment.Time, cancellationToken).ConfigureAwait(false);
        var engine = new DockerEngine(endpoint);
        try
        {
            await engine.RemoveAbandonedAsync(cancellationToken).ConfigureAwait(false);
            return await StartOnFreePortAsync(engine, options, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    private async Task<IPostgresServer> StartOnFreePortAsync(
        DockerEngine engine, EphemeralPostgresOptions options, CancellationToken cancellationToken)
    {
        var reaper = await ContainerReaper.RunsAsync(engine.Endpoint, environment.Time).WaitAsync(cancellationToken).ConfigureAwait(false);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await StartAsync(engine, options, FreePort.Next(), reaper, cancellationToken).ConfigureAwait(false);
            }
            catch (DockerApiException exception) when (attempt < PortAttempts && SaysPortTaken(exception))
            {
                // Taken between our look and the engine's: another one.
            }
        }
    }

    private async Task<IPostgresServer> StartAsync(
        DockerEngine engine, EphemeralPostgresOptions options, int port, bool reaper, CancellationToken cancellationToken)
    {
        var password = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var container = Build(engine, options, port, password, reaper);
        try
        {
            await container.StartAsync(cancellationToken).ConfigureAwait(false);
            var connection = new NpgsqlConnectionStringBuilder
            {
                Host = container.Hostname,
                Port = port,
                Username = PostgreSqlBuilder.DefaultUsername,
                Password = password,
                Database = PostgreSqlBuilder.DefaultDatabase,
            };
            var server = new DockerServer(engine, container, options.DockerImage, connection, environment.Time);
            await server.WaitUntilReadyAsync(cancellationToken).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await RemoveAsync(engine, container).ConfigureAwait(false);
            throw;
        }
    }

    private static PostgreSqlContainer Build(DockerEngine engine, EphemeralPostgresOptions options, int port, string password, bool reaper)
    {
        var builder = new PostgreSqlBuilder(options.DockerImage)
            .WithDockerEndpoint(engine.Endpoint)
            .WithLogger(NullLogger.Instance)
            .WithCleanUp(reaper)
            .WithWaitStrategy(Wait.ForUnixContainer().AddCustomWaitStrategy(new AnsweredElsewhere()))
            .WithLabel(DockerEngine.OwnerLabel, HostProcess.Current.ToString())
            .WithPassword(password)
            .WithPortBinding(port, PostgreSqlBuilder.PostgreSqlPort);
        foreach (var (name, value) in ServerSettings.With(options.Settings))
        {
            builder = builder.WithCommand("-c", name + "=" + value);   // the last one of a name counts
        }

        return builder.Build();
    }

    private static bool SaysPortTaken(DockerApiException exception) =>
        exception.Message.Contains("already allocated", StringComparison.Ordinal) || exception.Message.Contains("already in use", StringComparison.Ordinal);

    private static async Task RemoveAsync(DockerEngine engine, PostgreSqlContainer container)
    {
        try
        {
            await engine.RemoveAsync(container.Id, CancellationToken.None).ConfigureAwait(false);
        }
        catch (InvalidOperationException)
        {
            // It was not made.
        }
    }
}

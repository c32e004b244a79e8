using Docker.DotNet;
using DotNet.Testcontainers.Configurations;

namespace AiSystemSpec.Sdk.Testing.Containers;

/// <summary>Finds an engine that answers, quickly: a machine without one loses no time.</summary>
internal static class DockerDiscovery
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);
    private static readonly Uri UsualSocket = new("unix:///var/run/docker.sock");

    /// <param name="dockerHost">The variable <c>DOCKER_HOST</c>.</param>
    /// <param name="time">The clock of the time limit.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IDockerEndpointAuthenticationConfiguration> FindAsync(
        string? dockerHost, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await SearchAsync(dockerHost, cancellationToken).WaitAsync(AnswerTimeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or InvalidOperationException))
        {
            throw new InvalidOperationException("No Docker engine answers: " + exception.Message, exception);
        }
    }

    private static async Task<IDockerEndpointAuthenticationConfiguration> SearchAsync(
        string? dockerHost, CancellationToken cancellationToken)
    {
        // Testcontainers looks once, when the class is first used, and waits for the answers on this thread.
        var found = await Task.Run(static () => TestcontainersSettings.OS.DockerEndpointAuthConfig, cancellationToken).ConfigureAwait(false);
        if (found is not null)
        {
            using var client = found.GetDockerClientBuilder().Build();
            await client.System.PingAsync(cancellationToken).ConfigureAwait(false);
            return found;
        }

        var endpoint = dockerHost is null ? UsualSocket : new Uri(dockerHost);
        return endpoint.Scheme is not "unix" || File.Exists(endpoint.AbsolutePath)
            ? await AskVersionAsync(endpoint, cancellationToken).ConfigureAwait(false)
            : throw new InvalidOperationException($"No Docker engine answers: there is no {endpoint.AbsolutePath}.");
    }

    private static async Task<VersionedEndpoint> AskVersionAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        using var client = new DockerClientBuilder().WithEndpoint(endpoint).Build();
        var said = await client.System.GetVersionAsync(cancellationToken).ConfigureAwait(false);
        return new VersionedEndpoint(endpoint, Version.Parse(said.APIVersion));
    }
}

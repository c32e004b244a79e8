using AiSystemSpec.Sdk.Testing.Hosts;
using Docker.DotNet;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Configurations;

namespace AiSystemSpec.Sdk.Testing.Containers;

/// <summary>
/// What is asked of the engine beside Testcontainers, which can neither kill a container nor find those of another process.
/// </summary>
internal sealed class DockerEngine(IDockerEndpointAuthenticationConfiguration endpoint) : IDisposable
{
    public const string OwnerLabel = "aisystemspec.owner";
    private readonly DockerClient _client = endpoint.GetDockerClientBuilder().Build();

    public IDockerEndpointAuthenticationConfiguration Endpoint { get; } = endpoint;

    /// <summary>Removes the containers of hosts that were killed.</summary>
    public async Task RemoveAbandonedAsync(CancellationToken cancellationToken)
    {
        var ours = new ContainersListParameters
        {
            All = true,
            Filters = new Dictionary<string, IDictionary<string, bool>>(StringComparer.Ordinal)
            {
                ["label"] = new Dictionary<string, bool>(StringComparer.Ordinal) { [OwnerLabel] = true },
            },
        };
        foreach (var container in await _client.Containers.ListContainersAsync(ours, cancellationToken).ConfigureAwait(false))
        {
            if (HostProcess.FindIn(container.Labels[OwnerLabel]) is { } owner && owner.IsGone())
            {
                await RemoveAsync(container.ID, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Removes a container, running or not, with its data.</summary>
    public async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await _client.Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, cancellationToken).ConfigureAwait(false);
        }
        catch (DockerApiException)
        {
            // Gone, or just being removed by another.
        }
    }

    public Task KillAsync(string id, CancellationToken cancellationToken) =>
        _client.Containers.KillContainerAsync(id, new ContainerKillParameters { Signal = "SIGKILL" }, cancellationToken);

    public Task StopAsync(string id, CancellationToken cancellationToken) =>
        _client.Containers.StopContainerAsync(id, new ContainerStopParameters(), cancellationToken);

    public Task StartAsync(string id, CancellationToken cancellationToken) =>
        _client.Containers.StartContainerAsync(id, new ContainerStartParameters(), cancellationToken);

    public async Task<bool> IsRunningAsync(string id, CancellationToken cancellationToken) =>
        (await _client.Containers.InspectContainerAsync(id, cancellationToken).ConfigureAwait(false)).State?.Running is true;

    public void Dispose() => _client.Dispose();
}

using Docker.DotNet;
using Docker.DotNet.Handler.Abstractions;
using DotNet.Testcontainers.Configurations;

namespace AiSystemSpec.Sdk.Testing.Containers;

/// <summary>
/// An engine spoken to in a version that it knows: Testcontainers asks for 1.44, and older engines then refuse to answer.
/// </summary>
internal sealed class VersionedEndpoint(Uri endpoint, Version version) : IDockerEndpointAuthenticationConfiguration
{
    public Version Version { get; } = version;

    public Uri Endpoint { get; } = endpoint;

    public IAuthProvider? AuthProvider => null;

    public DockerClientBuilder GetDockerClientBuilder(Guid sessionId = default) =>
        new DockerClientBuilder().WithEndpoint(Endpoint).WithApiVersion(Version);
}

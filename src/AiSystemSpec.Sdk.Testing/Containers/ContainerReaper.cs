using System.Collections.Concurrent;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiSystemSpec.Sdk.Testing.Containers;

/// <summary>Testcontainers' reaper removes what a killed host leaves at once; without it, the next start does.</summary>
internal static class ContainerReaper
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(20);
    private static readonly ConcurrentDictionary<Uri, Lazy<Task<bool>>> Reapers = new();

    /// <summary>
    /// Whether it runs; false where it is disabled or its image is not to be had, which is no reason not to start a server.
    /// </summary>
    public static Task<bool> RunsAsync(IDockerEndpointAuthenticationConfiguration endpoint, TimeProvider time) =>
        TestcontainersSettings.ResourceReaperEnabled
            ? Reapers.GetOrAdd(endpoint.Endpoint, _ => new Lazy<Task<bool>>(() => StartAsync(endpoint, time))).Value
            : Task.FromResult(false);

    private static async Task<bool> StartAsync(IDockerEndpointAuthenticationConfiguration endpoint, TimeProvider time)
    {
        using var timeout = new CancellationTokenSource(StartTimeout, time);
        try
        {
            _ = await ResourceReaper.GetAndStartDefaultAsync(endpoint, NullLogger.Instance, ct: timeout.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return false;
        }
    }
}

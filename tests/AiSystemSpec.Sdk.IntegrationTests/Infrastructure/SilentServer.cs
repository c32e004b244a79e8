using System.Net;
using System.Net.Sockets;

namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>A host that takes connections and never answers.</summary>
internal sealed class SilentServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    // The backlog alone accepts: nobody reads.
    public SilentServer() => _listener.Start();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();
}

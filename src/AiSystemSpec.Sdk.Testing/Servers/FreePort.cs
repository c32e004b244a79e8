using System.Net;
using System.Net.Sockets;

namespace AiSystemSpec.Sdk.Testing.Servers;

/// <summary>A port that is free now; another process may take it before it is bound.</summary>
internal static class FreePort
{
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

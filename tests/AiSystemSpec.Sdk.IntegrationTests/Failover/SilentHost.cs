using System.Net;
using System.Net.Sockets;

namespace AiSystemSpec.Sdk.IntegrationTests.Failover;

/// <summary>
/// A host that answers nothing, not even no: as one whose machine is cut off. Its queue of connections is full, so the system drops what
/// comes.
/// </summary>
internal sealed class SilentHost : IDisposable
{
    private const int MoreThanItsQueue = 4;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _queue = [];

    public SilentHost()
    {
        Port = FreePort.Next();
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        _listener.Listen(backlog: 1);
        for (var filler = 0; filler < MoreThanItsQueue; filler++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            try
            {
                socket.Connect(IPAddress.Loopback, Port);
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // It connects by itself, or waits for ever.
            }

            _queue.Add(socket);
        }
    }

    public int Port { get; }

    public void Dispose()
    {
        _queue.ForEach(socket => socket.Dispose());
        _listener.Dispose();
    }
}

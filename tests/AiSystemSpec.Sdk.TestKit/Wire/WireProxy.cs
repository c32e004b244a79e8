using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AiSystemSpec.Sdk.TestKit.Wire;

/// <summary>
/// Stands between clients and a server. As it is, it passes everything on; what is derived from it looks at what passes, changes it or
/// keeps it back. Where one side of a connection ends, the other hears of it.
/// </summary>
public class WireProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> _clients = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly string _host;
    private readonly int _port;
    private readonly Task _accepting;

    /// <param name="connectionString">The server and the database.</param>
    public WireProxy(string connectionString)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        (_host, _port) = (server.Host!, server.Port);
        _listener.Start();
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Host = IPAddress.Loopback.ToString(),
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
            SslMode = SslMode.Disable, // what passes is read in the clear
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString;
        _accepting = AcceptAsync();
    }

    /// <summary>Gets the connection string of the database, reached through here.</summary>
    public string ConnectionString { get; }

    /// <summary>Gets whether a new connection is let through.</summary>
    protected virtual bool IsOpen => true;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        BreakAll();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes all connections.</summary>
    protected void BreakAll()
    {
        foreach (var client in _clients.Keys)
        {
            client.Dispose();
        }
    }

    /// <summary>Passes on what goes to and fro over one connection, until one side ends.</summary>
    protected virtual Task RelayAsync(NetworkStream client, NetworkStream server, CancellationToken cancellationToken) =>
        Task.WhenAny(SendAsync(client, server, cancellationToken), AnswerAsync(server, client, cancellationToken));

    /// <summary>Passes on what the client sends.</summary>
    protected virtual Task SendAsync(NetworkStream client, NetworkStream server, CancellationToken cancellationToken) =>
        client.CopyToAsync(server, cancellationToken);

    /// <summary>Passes on what the server answers.</summary>
    protected virtual Task AnswerAsync(NetworkStream server, NetworkStream client, CancellationToken cancellationToken) =>
        server.CopyToAsync(client, cancellationToken);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                if (IsOpen)
                {
                    _connections.Add(ServeAsync(client));
                }
                else
                {
                    client.Dispose();
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var own = client;
        using var server = new TcpClient { NoDelay = true };
        client.NoDelay = true;
        _ = _clients.TryAdd(client, true);
        try
        {
            await server.ConnectAsync(_host, _port, _stop.Token);
            await RelayAsync(client.GetStream(), server.GetStream(), _stop.Token);
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // One of the two has gone.
        }
        finally
        {
            _ = _clients.TryRemove(client, out _);
        }
    }
}

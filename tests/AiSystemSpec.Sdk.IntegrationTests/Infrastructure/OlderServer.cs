using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>The run's real server, which says to be PostgreSQL 14: a proxy that changes the version in the greeting and nothing else.</summary>
internal sealed class OlderServer : IDisposable
{
    private const byte ParameterStatus = (byte)'S';
    private const byte ReadyForQuery = (byte)'Z';
    private static readonly byte[] VersionName = Encoding.ASCII.GetBytes("server_version\0");

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly NpgsqlConnectionStringBuilder _server;

    private OlderServer(string connectionString)
    {
        _server = new NpgsqlConnectionStringBuilder(connectionString);
        _listener.Start();
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Host = "127.0.0.1",
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
            SslMode = SslMode.Disable, // the greeting is read in the clear
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString;
    }

    public string ConnectionString { get; }

    public static OlderServer Before(string connectionString)
    {
        var proxy = new OlderServer(connectionString);
        _ = proxy.AcceptAsync();
        return proxy;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            _ = ForwardAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            await server.ConnectAsync(_server.Host!, _server.Port, _stop.Token);
            var (up, down) = (client.GetStream(), server.GetStream());
            _ = await Task.WhenAny(up.CopyToAsync(down, _stop.Token), AnswerAsync(down, up));
        }
    }

    private async Task AnswerAsync(NetworkStream server, NetworkStream client)
    {
        byte type;
        do
        {
            var head = new byte[5];
            await server.ReadExactlyAsync(head, _stop.Token);
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4];
            await server.ReadExactlyAsync(body, _stop.Token);
            type = head[0];
            if (type == ParameterStatus && body.AsSpan().StartsWith(VersionName))
            {
                (body[VersionName.Length], body[VersionName.Length + 1]) = ((byte)'1', (byte)'4');
            }

            await client.WriteAsync(head, _stop.Token);
            await client.WriteAsync(body, _stop.Token);
        }
        while (type != ReadyForQuery);

        await server.CopyToAsync(client, _stop.Token);
    }
}

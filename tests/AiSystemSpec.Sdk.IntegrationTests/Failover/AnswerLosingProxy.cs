using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Failover;

/// <summary>
/// Stands between the services and a server, and breaks the connection when the server has answered a certain command: what was committed is
/// committed, and nobody was told.
/// </summary>
internal sealed class AnswerLosingProxy : IAsyncDisposable
{
    // ReadyForQuery outside a transaction: the end of an answer, sent after the commit.
    private static readonly byte[] Ready = [(byte)'Z', 0, 0, 0, 5, (byte)'I'];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly int _server;
    private readonly Task _accepting;
    private string? _awaited;
    private int _lost;

    /// <param name="connectionString">The server, on loopback.</param>
    public AnswerLosingProxy(string connectionString)
    {
        _server = new NpgsqlConnectionStringBuilder(connectionString).Port;
        _listener.Start();
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port, SslMode = SslMode.Disable }.ConnectionString;
        _accepting = AcceptAsync();
    }

    /// <summary>The server's database, reached through here.</summary>
    public string ConnectionString { get; }

    /// <summary>How many answers were lost.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>Loses the next answer that says this, for example <c>INSERT 0 1</c>.</summary>
    public void LoseNext(string commandTag) => Volatile.Write(ref _awaited, commandTag);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var own = client;
        using var server = new TcpClient();
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _server, _stop.Token);
            _ = await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream(), _stop.Token), AnswerAsync(server.GetStream(), client.GetStream()));
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // One of the two has gone.
        }
    }

    /// <summary>Passes answers on until one is to be lost.</summary>
    private async Task AnswerAsync(NetworkStream server, NetworkStream client)
    {
        var buffer = new byte[64 * 1024];
        var isLosing = false;
        while (await server.ReadAsync(buffer, _stop.Token) is > 0 and var read)
        {
            var answer = buffer.AsMemory(0, read);
            isLosing = isLosing || MustLose(answer.Span);
            if (!isLosing)
            {
                await client.WriteAsync(answer, _stop.Token);
            }
            else if (answer.Span.EndsWith(Ready))
            {
                _ = Interlocked.Increment(ref _lost);
                return;
            }
        }
    }

    private bool MustLose(ReadOnlySpan<byte> answer) =>
        Volatile.Read(ref _awaited) is { } awaited && answer.IndexOf(Encoding.ASCII.GetBytes(awaited)) >= 0
        && Interlocked.CompareExchange(ref _awaited, null, awaited) is not null;
}

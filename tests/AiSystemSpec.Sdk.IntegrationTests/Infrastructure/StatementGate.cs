using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>
/// Stands between a client and the server and reads what the client sends. At one statement of a known sequence it stops that connection:
/// before the server gets the statement, or when the server has run it and before the client hears of it.
/// </summary>
internal sealed class StatementGate : IAsyncDisposable
{
    private const char Parse = 'P';
    private const char Query = 'Q';
    private const char ReadyForQuery = 'Z';

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly IReadOnlyList<string> _statements;
    private readonly int _stopAt;
    private readonly bool _afterwards;
    private int _next;

    /// <param name="connectionString">The server and database behind it.</param>
    /// <param name="statements">The sequence, as it is expected over one connection.</param>
    /// <param name="stopAt">Which of them to stop at, from 0.</param>
    /// <param name="afterwards">Whether the server still gets it.</param>
    public StatementGate(string connectionString, IReadOnlyList<string> statements, int stopAt, bool afterwards)
    {
        _server = new NpgsqlConnectionStringBuilder(connectionString);
        (_statements, _stopAt, _afterwards) = (statements, stopAt, afterwards);
        _listener.Start();
        _ = AcceptAsync();
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Host = IPAddress.Loopback.ToString(),
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString;
    }

    public string ConnectionString { get; }

    /// <summary>Ends when the statement has come, and where it is let through, when the server has run it.</summary>
    public Task Reached => _reached.Task;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(_end.Token);
            _ = RelayAsync(client, _end.Token);
        }
    }

    private async Task RelayAsync(TcpClient client, CancellationToken cancellationToken)
    {
        using (client)
        {
            using var server = new TcpClient();
            await server.ConnectAsync(_server.Host!, _server.Port, cancellationToken);
            var connection = new StoppedConnection();
            // Whichever side ends, the other must hear of it, as it would without this between them.
            await Task.WhenAny(
                SendAsync(client.GetStream(), server.GetStream(), connection, cancellationToken),
                AnswerAsync(server.GetStream(), client.GetStream(), connection, cancellationToken));
        }
    }

    private async Task SendAsync(NetworkStream client, NetworkStream server, StoppedConnection connection, CancellationToken cancellationToken)
    {
        await server.WriteAsync(await ReadAsync(client, typeLength: 0, cancellationToken), cancellationToken); // the first message has no type
        while (true)
        {
            var message = await ReadAsync(client, typeLength: 1, cancellationToken);
            if (IsStop(message))
            {
                connection.IsStopped = true;
                if (!_afterwards)
                {
                    _ = _reached.TrySetResult();
                    await WaitForTheEndOfAsync(client, cancellationToken);
                    return;
                }
            }

            await server.WriteAsync(message, cancellationToken);
        }
    }

    private async Task AnswerAsync(NetworkStream server, NetworkStream client, StoppedConnection connection, CancellationToken cancellationToken)
    {
        while (true)
        {
            var message = await ReadAsync(server, typeLength: 1, cancellationToken);
            if (!connection.IsStopped)
            {
                await client.WriteAsync(message, cancellationToken);
            }
            else if ((char)message[0] == ReadyForQuery)
            {
                _ = _reached.TrySetResult();
            }
        }
    }

    private bool IsStop(byte[] message)
    {
        if (TextOf(message) is not { } text || _next >= _statements.Count || !string.Equals(Trim(text), Trim(_statements[_next]), StringComparison.Ordinal))
        {
            return false;
        }

        return _next++ == _stopAt;
    }

    private static string? TextOf(byte[] message)
    {
        const int Header = 5;
        var body = message.AsSpan(Header);
        return (char)message[0] switch
        {
            Query => Encoding.UTF8.GetString(body[..body.IndexOf((byte)0)]),
            Parse when body[(body.IndexOf((byte)0) + 1)..] is var rest => Encoding.UTF8.GetString(rest[..rest.IndexOf((byte)0)]),
            _ => null,
        };
    }

    private static string Trim(string sql) => sql.ReplaceLineEndings("\n").TrimEnd(';', '\n', ' ');

    private static async Task WaitForTheEndOfAsync(NetworkStream client, CancellationToken cancellationToken)
    {
        var ignored = new byte[1024];
        while (await client.ReadAsync(ignored, cancellationToken) > 0)
        {
            // Of a stopped connection, nothing is passed on.
        }
    }

    private static async Task<byte[]> ReadAsync(NetworkStream stream, int typeLength, CancellationToken cancellationToken)
    {
        var header = new byte[typeLength + sizeof(int)];
        await stream.ReadExactlyAsync(header, cancellationToken);
        var message = new byte[typeLength + BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(typeLength))];
        header.CopyTo(message, 0);
        await stream.ReadExactlyAsync(message.AsMemory(header.Length), cancellationToken);
        return message;
    }

    private sealed class StoppedConnection
    {
        public volatile bool IsStopped;
    }
}

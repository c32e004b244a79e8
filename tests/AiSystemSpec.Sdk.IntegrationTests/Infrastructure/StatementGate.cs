using System.Net.Sockets;
using AiSystemSpec.Sdk.TestKit.Wire;

namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>
/// Stands between a client and the server and reads what the client sends. At one statement of a known sequence it stops that connection:
/// before the server gets the statement, or when the server has run it and before the client hears of it.
/// </summary>
/// <param name="connectionString">The server and database behind it.</param>
/// <param name="statements">The sequence, as it is expected over one connection.</param>
/// <param name="stopAt">Which of them to stop at, from 0.</param>
/// <param name="afterwards">Whether the server still gets it.</param>
internal sealed class StatementGate(
    string connectionString, IReadOnlyList<string> statements, int stopAt, bool afterwards) : WireProxy(connectionString)
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _next;

    /// <summary>Ends when the statement has come, and where it is let through, when the server has run it.</summary>
    public Task Reached => _reached.Task;

    protected override Task RelayAsync(NetworkStream client, NetworkStream server, CancellationToken cancellationToken)
    {
        var connection = new StoppedConnection();
        return Task.WhenAny(SendAsync(client, server, connection, cancellationToken), AnswerAsync(server, client, connection, cancellationToken));
    }

    private async Task SendAsync(
        NetworkStream client, NetworkStream server, StoppedConnection connection, CancellationToken cancellationToken)
    {
        await (await WireMessage.ReadFirstAsync(client, cancellationToken)).WriteToAsync(server, cancellationToken);
        while (true)
        {
            var message = await WireMessage.ReadAsync(client, cancellationToken);
            if (IsStop(message))
            {
                connection.IsStopped = true;
                if (!afterwards)
                {
                    _ = _reached.TrySetResult();
                    await client.CopyToAsync(Stream.Null, cancellationToken); // of a stopped connection, nothing is passed on
                    return;
                }
            }

            await message.WriteToAsync(server, cancellationToken);
        }
    }

    private async Task AnswerAsync(
        NetworkStream server, NetworkStream client, StoppedConnection connection, CancellationToken cancellationToken)
    {
        while (true)
        {
            var message = await WireMessage.ReadAsync(server, cancellationToken);
            if (!connection.IsStopped)
            {
                await message.WriteToAsync(client, cancellationToken);
            }
            else if (message.IsReadyForQuery)
            {
                _ = _reached.TrySetResult();
            }
        }
    }

    private bool IsStop(WireMessage message)
    {
        if (message.Statement is not { } text || _next >= statements.Count || !string.Equals(Trim(text), Trim(statements[_next]), StringComparison.Ordinal))
        {
            return false;
        }

        return _next++ == stopAt;
    }

    private static string Trim(string sql) => sql.ReplaceLineEndings("\n").TrimEnd(';', '\n', ' ');

    private sealed class StoppedConnection
    {
        public volatile bool IsStopped;
    }
}

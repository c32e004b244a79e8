using System.Net.Sockets;
using System.Text;
using AiSystemSpec.Sdk.TestKit.Wire;

namespace AiSystemSpec.Sdk.IntegrationTests.Failover;

/// <summary>
/// Stands between the services and a server, and breaks the connection when the server has answered a certain command: what was committed
/// is committed, and nobody was told.
/// </summary>
internal sealed class AnswerLosingProxy(string connectionString) : WireProxy(connectionString)
{
    private const char CommandComplete = 'C';
    private const byte OutsideTransaction = (byte)'I';

    private string? _awaited;
    private int _lost;

    /// <summary>How many answers were lost.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>Loses the next answer that says this, for example <c>INSERT 0 1</c>.</summary>
    public void LoseNext(string commandTag) => Volatile.Write(ref _awaited, commandTag);

    /// <summary>Passes answers on until one is to be lost, and that one's end has come: what was committed is committed.</summary>
    protected override async Task AnswerAsync(NetworkStream server, NetworkStream client, CancellationToken cancellationToken)
    {
        var isLosing = false;
        while (true)
        {
            var message = await WireMessage.ReadAsync(server, cancellationToken);
            isLosing = isLosing || (message.Type == CommandComplete && MustLose(message));
            if (!isLosing)
            {
                await message.WriteToAsync(client, cancellationToken);
            }
            else if (message.IsReadyForQuery && message.Body[0] == OutsideTransaction)
            {
                _ = Interlocked.Increment(ref _lost);
                return;
            }
        }
    }

    private bool MustLose(WireMessage message) =>
        Volatile.Read(ref _awaited) is { } awaited && Encoding.ASCII.GetString(message.Body).Contains(awaited, StringComparison.Ordinal)
        && Interlocked.CompareExchange(ref _awaited, null, awaited) is not null;
}

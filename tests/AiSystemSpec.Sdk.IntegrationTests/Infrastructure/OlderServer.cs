using System.Net.Sockets;
using System.Text;
using AiSystemSpec.Sdk.TestKit.Wire;

namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>
/// The run's real server, which says to be PostgreSQL 14: a proxy that changes the version in the greeting and nothing else.
/// </summary>
internal sealed class OlderServer(string connectionString) : WireProxy(connectionString)
{
    private const char ParameterStatus = 'S';
    private static readonly byte[] VersionName = Encoding.ASCII.GetBytes("server_version\0");

    protected override async Task AnswerAsync(NetworkStream server, NetworkStream client, CancellationToken cancellationToken)
    {
        WireMessage message;
        do
        {
            message = await WireMessage.ReadAsync(server, cancellationToken);
            if (message.Type == ParameterStatus && message.Body.StartsWith(VersionName))
            {
                (message.Body[VersionName.Length], message.Body[VersionName.Length + 1]) = ((byte)'1', (byte)'4');
            }

            await message.WriteToAsync(client, cancellationToken);
        }
        while (!message.IsReadyForQuery);

        await server.CopyToAsync(client, cancellationToken);
    }
}

using AiSystemSpec.Sdk.Testing.Servers;
using DotNet.Testcontainers.Containers;
using Npgsql;

namespace AiSystemSpec.Sdk.Testing.Containers;

/// <summary>A server in a container, on a port that stays its own across restarts.</summary>
internal sealed class DockerServer(DockerEngine engine, IContainer container, string image, NpgsqlConnectionStringBuilder connection, TimeProvider time) : IPostgresServer
{
    private const int ShownLines = 15;
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(10);
    private readonly string _id = container.Id;

    public string Source => "docker " + image;

    public string ConnectionString => connection.ConnectionString;

    public string MaintenanceConnectionString => new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString;

    public string? DatabaseComment => null;

    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        var ended = await ServerAnswer.WaitAsync(MaintenanceConnectionString, HasEndedAsync, time, cancellationToken).ConfigureAwait(false);
        if (ended)
        {
            // The image's first, hidden start writes the server's words to one, the later one to the other.
            var (output, errors) = await container.GetLogsAsync(timestampsEnabled: false, ct: cancellationToken).ConfigureAwait(false);
            throw new InvalidOperationException(string.Join(Environment.NewLine, ["The container ended:", .. LastLines(output), .. LastLines(errors)]));
        }
    }

    public async Task CrashAsync(CancellationToken cancellationToken)
    {
        if (await engine.IsRunningAsync(_id, cancellationToken).ConfigureAwait(false))
        {
            await engine.KillAsync(_id, cancellationToken).ConfigureAwait(false);
            await WaitUntilEndedAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await engine.StopAsync(_id, cancellationToken).ConfigureAwait(false);
        await engine.StartAsync(_id, cancellationToken).ConfigureAwait(false);
        await WaitUntilReadyAsync(cancellationToken).ConfigureAwait(false);
    }

    public void EndNow(IReadOnlyCollection<string> databases) => engine.RemoveAsync(_id, CancellationToken.None).Wait(EndTimeout);

    public async Task EndAsync(IReadOnlyCollection<string> databases)
    {
        await engine.RemoveAsync(_id, CancellationToken.None).ConfigureAwait(false);
        engine.Dispose();
    }

    private static IEnumerable<string> LastLines(string log) => log.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(ShownLines);

    private async Task<bool> HasEndedAsync(CancellationToken cancellationToken) =>
        !await engine.IsRunningAsync(_id, cancellationToken).ConfigureAwait(false);

    private async Task WaitUntilEndedAsync(CancellationToken cancellationToken)
    {
        while (!await HasEndedAsync(cancellationToken).ConfigureAwait(false))
        {
            await Task.Delay(ServerAnswer.Pause, time, cancellationToken).ConfigureAwait(false);
        }
    }
}

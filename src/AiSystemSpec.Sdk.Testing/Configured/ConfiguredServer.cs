using AiSystemSpec.Sdk.Testing.Hosts;
using AiSystemSpec.Sdk.Testing.Servers;
using Npgsql;

namespace AiSystemSpec.Sdk.Testing.Configured;

/// <summary>A server that is not ours: only the databases on it are.</summary>
internal sealed class ConfiguredServer(NpgsqlConnectionStringBuilder own, string maintenance) : IPostgresServer
{
    public const string CommentStart = "AiSystemSpec.Sdk.Testing: throw-away database of ";
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(5);

    public static string Comment { get; } = CommentStart + HostProcess.Current;

    public string Source => "configured server";

    public string ConnectionString => own.ConnectionString;

    public string MaintenanceConnectionString => maintenance;

    public string? DatabaseComment => Comment;

    public Task CrashAsync(CancellationToken cancellationToken) => throw NotOurs();

    public Task RestartAsync(CancellationToken cancellationToken) => throw NotOurs();

    public Task EndAsync(IReadOnlyCollection<string> databases) => DropAsync([own.Database!, .. databases]);

    public void EndNow(IReadOnlyCollection<string> databases) => EndAsync(databases).Wait(EndTimeout);

    private static NotSupportedException NotOurs() =>
        new("A configured server is not ours to crash or restart: start with EphemeralPostgresOptions.Ways = PostgresWays.OwnServer.");

    private async Task DropAsync(List<string> databases)
    {
        var connection = new NpgsqlConnection(maintenance);
        await using (connection.ConfigureAwait(false))
        {
            await connection.OpenAsync().ConfigureAwait(false);
            foreach (var name in databases)
            {
                await DatabaseCommands.DropAsync(connection, name, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }
}

using AiSystemSpec.Sdk.Testing.Servers;
using Npgsql;

namespace AiSystemSpec.Sdk.Testing.Configured;

/// <summary>A database of our own on a server that runs already.</summary>
internal sealed class ConfiguredWay(TestingEnvironment environment) : IPostgresWay
{
    public PostgresWays Kind => PostgresWays.ConfiguredServer;

    public string Name => "configured server";

    public async Task<IPostgresServer> StartAsync(EphemeralPostgresOptions options, CancellationToken cancellationToken)
    {
        var text = options.ConnectionString ?? environment.Connection
            ?? throw new InvalidOperationException($"{TestingEnvironment.ConnectionVariable} is not set.");
        if (options.Settings.Count > 0)
        {
            throw new InvalidOperationException("It cannot be given server settings, which the options ask for.");
        }

        var named = ConnectionText.Parse(text);
        var maintenance = await MaintenanceDatabase.FindAsync(named, cancellationToken).ConfigureAwait(false);
        await AbandonedDatabases.DropAsync(maintenance, cancellationToken).ConfigureAwait(false);
        var own = await CreateAsync(maintenance, cancellationToken).ConfigureAwait(false);
        return new ConfiguredServer(new NpgsqlConnectionStringBuilder(named.ConnectionString) { Database = own }, maintenance);
    }

    private static async Task<string> CreateAsync(string maintenance, CancellationToken cancellationToken)
    {
        var name = OwnDatabases.RandomName();
        var connection = new NpgsqlConnection(maintenance);
        await using (connection.ConfigureAwait(false))
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            await DatabaseCommands.CreateAsync(connection, name, template: null, ConfiguredServer.Comment, cancellationToken).ConfigureAwait(false);
        }

        return name;
    }
}

using AiSystemSpec.Sdk.Testing.Hosts;
using AiSystemSpec.Sdk.Testing.Servers;
using Npgsql;

namespace AiSystemSpec.Sdk.Testing.Configured;

/// <summary>Drops the databases of hosts of this machine that were killed: those whose comment, written by us, says so.</summary>
internal static class AbandonedDatabases
{
    private const string Ours = "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database WHERE starts_with(shobj_description(oid, 'pg_database'), $1)";

    public static async Task DropAsync(string maintenance, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(maintenance);
        await using (connection.ConfigureAwait(false))
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            foreach (var name in await FindAsync(connection, cancellationToken).ConfigureAwait(false))
            {
                await TryDropAsync(connection, name, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task<List<string>> FindAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        List<string> found = [];
        var command = new NpgsqlCommand(Ours, connection);
        await using (command.ConfigureAwait(false))
        {
            _ = command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = ConfiguredServer.CommentStart });
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    if (HostProcess.FindIn(reader.GetString(1)) is { } owner && owner.IsGone())
                    {
                        found.Add(reader.GetString(0));
                    }
                }
            }
        }

        return found;
    }

    private static async Task TryDropAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        try
        {
            await DatabaseCommands.DropAsync(connection, name, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException)
        {
            // Another start drops it just now, or another role made it: no reason not to start.
        }
    }
}

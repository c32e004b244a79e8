using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace AiSystemSpec.Sdk.Testing.Servers;

/// <summary>The statements about databases.</summary>
internal static class DatabaseCommands
{
    public static async Task CreateAsync(
        NpgsqlConnection connection, string name, string? template, string? comment, CancellationToken cancellationToken)
    {
        if (template is not null)
        {
            await EndSessionsAsync(connection, template, cancellationToken).ConfigureAwait(false);
        }

        var copied = template is null ? string.Empty : " TEMPLATE " + Quote(template);
        await RunAsync(connection, "CREATE DATABASE " + Quote(name) + copied, cancellationToken).ConfigureAwait(false);
        if (comment is not null)
        {
            // Not to be cancelled: each database of ours says whose it is.
            await RunAsync(connection, "COMMENT ON DATABASE " + Quote(name) + " IS '" + comment + "'", CancellationToken.None).ConfigureAwait(false);
        }
    }

    public static Task DropAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken) =>
        RunAsync(connection, "DROP DATABASE IF EXISTS " + Quote(name) + " WITH (FORCE)", cancellationToken);

    private static async Task EndSessionsAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        const string Sessions = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1 AND usename = current_user AND pid <> pg_backend_pid()";
        var command = new NpgsqlCommand(Sessions, connection);
        await using (command.ConfigureAwait(false))
        {
            _ = command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
            _ = await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    [SuppressMessage("Security", "CA2100", Justification = "Names cannot be parameters; they are quoted.")]
    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using (command.ConfigureAwait(false))
        {
            _ = await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
}

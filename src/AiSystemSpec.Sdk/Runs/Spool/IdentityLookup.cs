using System.Globalization;
using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Connections.Opening;
using Npgsql;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>Asks a database which one it is. What the role may not read stays unknown.</summary>
internal sealed class IdentityLookup(Database database)
{
    private const string ServerSql =
        """
        SELECT control.system_identifier::pg_catalog.text || ' ' || known.oid::pg_catalog.text
        FROM pg_catalog.pg_control_system() AS control, pg_catalog.pg_database AS known
        WHERE known.datname = pg_catalog.current_database()
        """;

    // The table is made by a migration, which a database may lack: asked for by name first, no error stands in the server's log.
    private const string HasIdSql = "SELECT pg_catalog.to_regclass('ai_system_spec.database_identity')::pg_catalog.text";
    private const string IdSql = "SELECT id::pg_catalog.text FROM ai_system_spec.database_identity LIMIT 1";

    public async Task<DatabaseIdentity> FindAsync(string target, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var server = await ReadAsync(connection, ServerSql, cancellationToken).ConfigureAwait(false);
            var hasId = await ReadAsync(connection, HasIdSql, cancellationToken).ConfigureAwait(false) is not null;
            var id = hasId ? await ReadAsync(connection, IdSql, cancellationToken).ConfigureAwait(false) : null;
            return new DatabaseIdentity(target, ParseServer(server), Guid.TryParse(id, CultureInfo.InvariantCulture, out var parsed) ? parsed : null);
        }
    }

    private async Task<string?> ReadAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        try
        {
            using var command = database.CreateCommand(connection, sql);
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) as string;
        }
        catch (PostgresException exception) when (!TransientErrors.IsTransient(exception))
        {
            return null; // a right that the role lacks; the other marks decide
        }
    }

    private static ServerDatabase? ParseServer(string? text)
    {
        var parts = text?.Split(' ') ?? [];
        return parts.Length == 2
            && ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var system)
            && uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var oid)
            ? new ServerDatabase(system, oid)
            : null;
    }
}

using System.Collections.Concurrent;
using Npgsql;

namespace AiSystemSpec.Sdk.Testing.Servers;

/// <summary>The databases made on a server by one <see cref="EphemeralPostgres"/>.</summary>
internal sealed class OwnDatabases(IPostgresServer server)
{
    private readonly ConcurrentDictionary<string, bool> _names = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => [.. _names.Keys];

    public static string NameIn(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Database
        ?? throw new ArgumentException("The connection string names no database.", nameof(connectionString));

    public static string RandomName() => "aisystemspec_" + Guid.NewGuid().ToString("N");

    public async Task<string> CreateAsync(string? name, string? template, CancellationToken cancellationToken)
    {
        name ??= RandomName();
        var connection = new NpgsqlConnection(server.MaintenanceConnectionString);
        await using (connection.ConfigureAwait(false))
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            await DatabaseCommands.CreateAsync(connection, name, template, server.DatabaseComment, cancellationToken).ConfigureAwait(false);
        }

        _names[name] = true;
        return In(name);
    }

    /// <summary>Lets go of the idle sessions in the pools, which else would fail when next used, or keep a database open.</summary>
    public void ClearPools()
    {
        ClearPool(server.ConnectionString);
        foreach (var name in Names)
        {
            ClearPool(In(name));
        }
    }

    public static void ClearPool(string connectionString)
    {
        using var connection = new NpgsqlConnection(connectionString);
        NpgsqlConnection.ClearPool(connection);
    }

    private string In(string name) => new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name }.ConnectionString;
}

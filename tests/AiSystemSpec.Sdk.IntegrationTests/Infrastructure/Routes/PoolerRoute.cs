using AiSystemSpec.Sdk.Testing;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;

/// <summary>Through one PgBouncer in transaction mode, before the run's server.</summary>
internal sealed class PoolerRoute : IRoute
{
    private const int PoolSize = 20;

    private readonly string _server;
    private readonly PgBouncer _bouncer; // ends with this process

    private PoolerRoute(string server, PgBouncer bouncer) => (_server, _bouncer) = (server, bouncer);

    public static async Task<IRoute> StartAsync(EphemeralPostgres server) =>
        new PoolerRoute(server.ConnectionString, await PgBouncer.StartAsync(server.ConnectionString, PoolSize));

    public string Take(string direct) => Move(direct, _server, _bouncer.ConnectionString);

    public string Leave(string taken) => Move(taken, _bouncer.ConnectionString, _server);

    private static string Move(string connection, string from, string to)
    {
        var (moved, source, target) = (new NpgsqlConnectionStringBuilder(connection), new NpgsqlConnectionStringBuilder(from), new NpgsqlConnectionStringBuilder(to));
        if ((moved.Host, moved.Port) != (source.Host, source.Port))
        {
            return connection;
        }

        (moved.Host, moved.Port) = (target.Host, target.Port);
        return moved.ConnectionString;
    }
}

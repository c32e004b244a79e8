using AiSystemSpec.Sdk.Testing.Servers;
using AiSystemSpec.Sdk.Testing.Ways;

namespace AiSystemSpec.Sdk.Testing;

/// <summary>A throw-away PostgreSQL server for tests and samples; nothing of it is left when it is disposed.</summary>
/// <remarks>
/// It is, in this order: the server that <c>AISYSTEMSPEC_TEST_CONNECTION</c> names, a Docker container, or a server of the machine's own
/// binaries. A way that fails is named in <see cref="FailedWays"/> and the next one is tried.
/// What a killed process left is removed by the next start. Safe for use by several threads, except <see cref="CrashAsync"/>,
/// <see cref="RestartAsync"/> and <see cref="DisposeAsync"/>.
/// </remarks>
public sealed class EphemeralPostgres : IAsyncDisposable
{
    private readonly IPostgresServer _server;
    private readonly OwnDatabases _databases;
    private bool _disposed;

    private EphemeralPostgres(IPostgresServer server, IReadOnlyList<string> failedWays)
    {
        _server = server;
        _databases = new OwnDatabases(server);
        FailedWays = failedWays;
    }

    /// <summary>Gets the connection string of a database that is this object's own.</summary>
    /// <value>It holds a password: not for logs.</value>
    public string ConnectionString => _server.ConnectionString;

    /// <summary>Gets which way was taken.</summary>
    /// <value>For example <c>configured server</c>, <c>docker postgres:17</c> or <c>local PostgreSQL 15.18</c>.</value>
    public string Source => _server.Source;

    /// <summary>Gets each way that was tried before the one taken, and what it said.</summary>
    /// <value>Empty when the first way led to a server.</value>
    public IReadOnlyList<string> FailedWays { get; }

    /// <summary>Starts a server, or makes a database on the configured one.</summary>
    /// <param name="options">What to start; the defaults when null.</param>
    /// <param name="cancellationToken">Gives up the start; nothing is left behind.</param>
    /// <returns>A server that answers.</returns>
    /// <exception cref="EphemeralPostgresException">No way led to a server.</exception>
    /// <exception cref="ArgumentException">An option or a variable has a value that is not valid.</exception>
    public static Task<EphemeralPostgres> StartAsync(
        EphemeralPostgresOptions? options = null, CancellationToken cancellationToken = default) =>
        StartInAsync(options ?? new EphemeralPostgresOptions(), TestingEnvironment.OfProcess(), cancellationToken);

    /// <summary>Makes an empty database.</summary>
    /// <param name="name">Its name; a random one when null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its connection string.</returns>
    /// <exception cref="Npgsql.PostgresException">The name is taken, for example.</exception>
    public Task<string> CreateDatabaseAsync(string? name = null, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _databases.CreateAsync(name, template: null, cancellationToken);
    }

    /// <summary>Makes a copy of a database of this server, in about 50 ms: a cheap fresh database for each test class.</summary>
    /// <param name="connectionString">
    /// The database to copy, as <see cref="CreateDatabaseAsync"/> returned it. Sessions in it are ended.
    /// </param>
    /// <param name="name">The copy's name; a random one when null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The copy's connection string.</returns>
    /// <exception cref="Npgsql.PostgresException">The name is taken, for example.</exception>
    public Task<string> CopyDatabaseAsync(string connectionString, string? name = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        ObjectDisposedException.ThrowIf(_disposed, this);
        OwnDatabases.ClearPool(connectionString);
        return _databases.CreateAsync(name, OwnDatabases.NameIn(connectionString), cancellationToken);
    }

    /// <summary>Kills the server and its sessions at once, as a crash would; what was committed is kept.</summary>
    /// <param name="cancellationToken">Stops waiting for the end.</param>
    /// <returns>A task that ends when no process of the server is left.</returns>
    /// <exception cref="NotSupportedException">The server is a configured one.</exception>
    public Task CrashAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _server.CrashAsync(cancellationToken);
    }

    /// <summary>Starts the server again on the same port and data, after a crash or (stopping it first) in order.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when the server answers again.</returns>
    /// <exception cref="NotSupportedException">The server is a configured one.</exception>
    public Task RestartAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _server.RestartAsync(cancellationToken);
    }

    /// <summary>Ends the server and removes it; on a configured server, drops the databases made here.</summary>
    /// <returns>A task that ends when nothing is left.</returns>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        LiveServers.Remove(this);
        _databases.ClearPools();
        await _server.EndAsync(_databases.Names).ConfigureAwait(false);
    }

    internal static async Task<EphemeralPostgres> StartInAsync(
        EphemeralPostgresOptions options, TestingEnvironment environment, CancellationToken cancellationToken)
    {
        var start = new ServerStart(options, environment);
        var server = await start.RunAsync(cancellationToken).ConfigureAwait(false);
        var started = new EphemeralPostgres(server, start.Failed);
        LiveServers.Add(started, started.EndNow);
        return started;
    }

    /// <summary>For a process that ends without disposing.</summary>
    internal void EndNow() => _server.EndNow(_databases.Names);
}

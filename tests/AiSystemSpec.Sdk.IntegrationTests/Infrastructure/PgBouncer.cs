using System.Diagnostics;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure.Routes;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

/// <summary>
/// A real PgBouncer before the run's server, in transaction mode where a test does not say otherwise. Tests that use it are in the
/// category <c>PgBouncer</c>, and fail where it is not installed.
/// </summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer", "/opt/homebrew/bin/pgbouncer"];

    private readonly Process _process;

    private PgBouncer(Process process, string connectionString)
    {
        _process = process;
        ConnectionString = connectionString;
    }

    public string ConnectionString { get; }

    /// <summary>Starts one.</summary>
    /// <param name="connectionString">The server and database behind it.</param>
    /// <param name="poolSize">How many server connections it has.</param>
    /// <param name="mode">Its pool_mode.</param>
    /// <param name="settings">Further lines of its configuration.</param>
    public static async Task<PgBouncer> StartAsync(string connectionString, int poolSize, string mode = "transaction", string settings = "")
    {
        var binary = Array.Find(Places, File.Exists)
            ?? throw new InvalidOperationException("PgBouncer is not installed. Install it (Debian: pgbouncer), or leave the category out with --filter Category!=PgBouncer.");
        connectionString = TestRoute.Direct(connectionString);
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        var port = FreePort.Next();
        var folder = Directory.CreateTempSubdirectory("aisystemspec-pgbouncer-").FullName;
        await WriteConfigurationAsync(folder, server, port, poolSize, mode, settings);
        var process = Start(binary, folder);
        var bouncer = new PgBouncer(process, new NpgsqlConnectionStringBuilder(connectionString) { Host = "127.0.0.1", Port = port, SslMode = SslMode.Disable }.ConnectionString);
        await bouncer.UntilReadyAsync();
        return bouncer;
    }

    /// <summary>Another database of the same server, reached through here.</summary>
    public string Through(string database)
    {
        var port = new NpgsqlConnectionStringBuilder(ConnectionString).Port;
        return new NpgsqlConnectionStringBuilder(database) { Host = "127.0.0.1", Port = port, SslMode = SslMode.Disable }.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task WriteConfigurationAsync(
        string folder, NpgsqlConnectionStringBuilder server, int port, int poolSize, string mode, string settings)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "users.txt"), $"\"{server.Username}\" \"{server.Password}\"\n");
        await File.WriteAllTextAsync(
            Path.Combine(folder, "pgbouncer.ini"),
            $"""
            [databases]
            * = host={server.Host} port={server.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = scram-sha-256
            auth_file = {folder}/users.txt
            auth_user = {server.Username}
            auth_query = SELECT rolname, rolpassword FROM pg_catalog.pg_authid WHERE rolname OPERATOR(pg_catalog.=) $1
            pool_mode = {mode}
            default_pool_size = {poolSize}
            max_client_conn = 2000
            max_db_connections = {poolSize}
            server_idle_timeout = 2
            ignore_startup_parameters = extra_float_digits,options,search_path,statement_timeout,lock_timeout,idle_session_timeout
            {settings}
            """);
        if (OperatingSystem.IsLinux())
        {
            // PgBouncer refuses root as PostgreSQL does, and must read its files.
            foreach (var path in Directory.GetFiles(folder).Append(folder))
            {
                File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
            }
        }
    }

    // A shell ends it and removes its folder when this process closes the pipe, or ends, in whatever way.
    private static Process Start(string binary, string folder)
    {
        List<string> command = Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", binary]
            : [binary];
        var start = new ProcessStartInfo("/bin/sh", ["-c", "trap '' INT TERM HUP; \"$@\" & cat >/dev/null; kill -KILL $!; rm -rf \"$0\"", folder, .. command, "--quiet", Path.Combine(folder, "pgbouncer.ini")])
        {
            WorkingDirectory = "/",
            UseShellExecute = false,
            RedirectStandardInput = true,
        };
        return Process.Start(start)!;
    }

    private async Task UntilReadyAsync()
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                _ = await Sql.ScalarAsync<int>(ConnectionString, "SELECT 1");
                return;
            }
            catch (NpgsqlException) when (tries < 100)
            {
                await Task.Delay(50);
            }
        }
    }
}

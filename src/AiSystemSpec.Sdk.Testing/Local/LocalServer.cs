using System.Globalization;
using AiSystemSpec.Sdk.Testing.Servers;
using Npgsql;

namespace AiSystemSpec.Sdk.Testing.Local;

/// <summary>A server of this machine's binaries, in a folder of its own.</summary>
internal sealed class LocalServer(LocalParts parts, string folder, string password, IDictionary<string, string> extraSettings) : IPostgresServer
{
    private const int PortAttempts = 5;
    private readonly LifeLine? _lifeLine = LifeLine.Hold(folder);
    private Postmaster? _postmaster;
    private int _port;

    public string Source => "local PostgreSQL " + parts.Binaries.Version;

    public string ConnectionString => Connection().ConnectionString;

    public string MaintenanceConnectionString => new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString;

    public string? DatabaseComment => null;

    public string Data => Path.Combine(folder, "data");

    /// <summary>Starts the server on a port that was free a moment ago, and on another when it no longer is.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            _port = FreePort.Next();
            var log = await TryStartAsync(cancellationToken).ConfigureAwait(false);
            if (log is null)
            {
                return;
            }

            if (attempt == PortAttempts || !SaysPortTaken(log))
            {
                throw new InvalidOperationException("The server did not start:" + Environment.NewLine + log);
            }
        }
    }

    public async Task CrashAsync(CancellationToken cancellationToken)
    {
        if (_postmaster is { } postmaster)
        {
            await postmaster.CrashAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await StopAsync(keepData: true, cancellationToken).ConfigureAwait(false);
        if (await TryStartAsync(cancellationToken).ConfigureAwait(false) is { } log)
        {
            throw new InvalidOperationException("The server did not start again:" + Environment.NewLine + log);
        }
    }

    public void EndNow(IReadOnlyCollection<string> databases)
    {
        _postmaster?.EndNow();
        ServerFolders.Remove(folder);
        _lifeLine?.Dispose();
    }

    public async Task EndAsync(IReadOnlyCollection<string> databases)
    {
        await StopAsync(keepData: false, CancellationToken.None).ConfigureAwait(false);
        ServerFolders.Remove(folder);
        _lifeLine?.Dispose();
    }

    private static bool SaysPortTaken(string log) => log.Contains("could not bind", StringComparison.Ordinal);

    private async Task<string?> TryStartAsync(CancellationToken cancellationToken)
    {
        _postmaster = Postmaster.Start(parts.Binaries, parts.User, Data, Settings());
        return await _postmaster.WaitUntilReadyAsync(parts.Time, cancellationToken).ConfigureAwait(false);
    }

    private async Task StopAsync(bool keepData, CancellationToken cancellationToken)
    {
        if (_postmaster is { } postmaster)
        {
            await postmaster.StopAsync(parts.Binaries, keepData, cancellationToken).ConfigureAwait(false);
            postmaster.Dispose();
            _postmaster = null;
        }
    }

    private Dictionary<string, string> Settings()
    {
        var settings = ServerSettings.With(extraSettings);
        settings["listen_addresses"] = "127.0.0.1";
        settings["port"] = _port.ToString(CultureInfo.InvariantCulture);
        settings["unix_socket_directories"] = string.Empty;

        // In the folder, not in /dev/shm: small in containers, and a killed server's share would stay there.
        settings["dynamic_shared_memory_type"] = OperatingSystem.IsWindows() ? "windows" : "mmap";
        return settings;
    }

    private NpgsqlConnectionStringBuilder Connection() =>
        new(string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username={DataTemplate.Superuser};Password={password};Database=postgres"));
}

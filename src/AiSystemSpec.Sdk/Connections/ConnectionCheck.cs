using AiSystemSpec.Sdk.Connections.Opening;
using AiSystemSpec.Sdk.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections;

/// <summary>
/// Looks at a registration's connection once, when it is first used, and logs what does not fit. The server is asked only where a setting's
/// fitness depends on what stands between, and then beside the caller, who never waits for it.
/// </summary>
/// <param name="logger">Where it is said.</param>
/// <param name="ignored">What the connection's text has that only other clients understand.</param>
internal sealed class ConnectionCheck(ILogger logger, IReadOnlyList<string>? ignored = null) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _asking = Task.CompletedTask;
    private int _hasSeenSettings;
    private int _hasSeenServer;
    private int _hasStopped;

    public bool IsDone => Volatile.Read(ref _hasSeenServer) == 1;

    /// <summary>Before the first connection is opened: what is wrong with the settings may be why it cannot be.</summary>
    public void SeeSettings(ConnectionSource source)
    {
        if (Interlocked.Exchange(ref _hasSeenSettings, 1) == 0)
        {
            if (ignored is { Count: > 0 })
            {
                Log.ParametersIgnored(logger, string.Join(", ", ignored));
            }

            LogAll(ConnectionAdvice.For(SettingsOf(source)));
        }
    }

    /// <summary>When the first connection is open.</summary>
    public void SeeServer(ConnectionSource source, NpgsqlConnection connection)
    {
        if (Volatile.Read(ref _hasStopped) == 1 || Interlocked.Exchange(ref _hasSeenServer, 1) == 1)
        {
            return;
        }

        if (ServerVersion.DescribeIfTooOld(connection.PostgreSqlVersion) is { } sentence)
        {
            Log.ServerTooOld(logger, sentence);
        }

        var settings = SettingsOf(source);
        var hasRoomForTwo = !settings.Pooling || settings.MaxPoolSize > 1; // detecting a pooler takes two connections
        if (logger.IsEnabled(LogLevel.Warning) && hasRoomForTwo && ConnectionAdvice.DependsOnPooler(settings))
        {
            using (ExecutionContext.SuppressFlow()) // the first caller's activity and transaction are not the question's
            {
                _asking = Task.Run(() => AskAsync(source, settings, _stop.Token), CancellationToken.None);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Stop();
        await _asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    public void Stop()
    {
        if (Interlocked.Exchange(ref _hasStopped, 1) == 0)
        {
            _stop.Cancel();
        }
    }

    private static NpgsqlConnectionStringBuilder SettingsOf(ConnectionSource source) => new(source.DataSource.ConnectionString);

    private async Task AskAsync(ConnectionSource source, NpgsqlConnectionStringBuilder settings, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await source.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                LogAll(ConnectionAdvice.For(settings, await PoolerDetector.DetectAsync(source.OpenAsync, connection, cancellationToken).ConfigureAwait(false)));
            }
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            Log.PoolerUnknown(logger, exception); // whoever works with the database meets the same error and is told
        }
    }

    private void LogAll(IEnumerable<ConnectionAdvice> advice)
    {
        foreach (var (setting, sentence) in advice)
        {
            Log.SettingDoesNotFit(logger, setting, sentence);
        }
    }
}

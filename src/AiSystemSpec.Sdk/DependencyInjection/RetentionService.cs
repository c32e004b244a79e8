using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Retention.Purging;
using AiSystemSpec.Sdk.Time;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.DependencyInjection;

/// <summary>Purges when the host starts, and then at intervals. An error ends a purge, never the service.</summary>
internal sealed class RetentionService(IRetention retention, RetentionOptions options, TimeProvider timeProvider, ILogger logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!RetentionRules.Any(options))
        {
            Log.RetentionIsOff(logger);
            return;
        }

        while (true)
        {
            await PurgeAsync(stoppingToken).ConfigureAwait(false);
            await timeProvider.Delay(options.Interval, stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task PurgeAsync(CancellationToken stoppingToken)
    {
        try
        {
            _ = await retention.PurgeAsync(options, purge: null, stoppingToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            // Whatever it is, what is left now is deleted next time.
            Log.PurgeFailed(logger, exception, options.Interval);
        }
    }
}

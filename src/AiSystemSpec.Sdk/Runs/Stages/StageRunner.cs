namespace AiSystemSpec.Sdk.Runs.Stages;

/// <summary>Runs one stage with retries of its own, a row for each attempt.</summary>
internal sealed class StageRunner(StageStarter stages, TimeProvider timeProvider, StageOptions options)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    public static void ThrowIfOutOfRange(StageOptions options)
    {
        if (options.MaxAttempts < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxAttempts, "StageOptions.MaxAttempts is below 1. Set it to 1 (no retry) or more.");
        }
    }

    public async Task<T> RunAsync<T>(
        string runId, string stage, Func<StageScope, CancellationToken, Task<T>> body, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var scope = stages.Begin(runId, stage, options.InputRefs, attempt);
            await using (scope.ConfigureAwait(false))
            {
                try
                {
                    cancellationToken.ThrowIfCancellationRequested(); // the scope's row says so
                    var result = await body(scope, cancellationToken).ConfigureAwait(false);
                    scope.CompleteUnlessEnded();
                    return result;
                }
                catch (Exception exception)
                {
                    scope.Fail(exception, cancellationToken);
                    if (!IsTriedAgain(exception, attempt, cancellationToken))
                    {
                        throw;
                    }

                    scope.Retry(exception);
                }
            }

            await DelayAsync(attempt, cancellationToken).ConfigureAwait(false);
        }
    }

    private bool IsTriedAgain(Exception exception, int attempt, CancellationToken cancellationToken) =>
        attempt < options.MaxAttempts && !cancellationToken.IsCancellationRequested && (options.IsTransient?.Invoke(exception) ?? true);

    /// <summary>
    /// Waits before the next attempt. A cancelled wait is not thrown from here: the next attempt begins, finds it, and its row says so.
    /// </summary>
    private async Task DelayAsync(int attempt, CancellationToken cancellationToken)
    {
        var delay = options.Delay?.Invoke(attempt) ?? DefaultDelay(attempt);
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static TimeSpan DefaultDelay(int attempt)
    {
        var seconds = Math.Min(LongestDelay.TotalSeconds, FirstDelay.TotalSeconds * Math.Pow(2, Math.Min(attempt, 16) - 1));
        return TimeSpan.FromSeconds(seconds * (0.5 + (0.5 * Random.Shared.NextDouble())));
    }
}

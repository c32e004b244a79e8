namespace AiSystemSpec.Sdk.Runs.Stages;

/// <summary>
/// Runs one stage through the host's resilience pipeline, which decides about retries. Whether a failed attempt is tried again is known
/// when the next one begins, or when the pipeline ends: its row is handed over then.
/// </summary>
internal sealed class PipelineRunner(StageStarter stages, StageOptions options, string runId, string stage)
{
    private readonly Lock _lock = new();
    private readonly List<(StageScope Scope, Exception Exception)> _failed = [];
    private int _attempts;

    public async Task<T> RunAsync<T>(Func<StageScope, CancellationToken, Task<T>> body, CancellationToken cancellationToken)
    {
        T result = default!;
        var hasResult = false;
        try
        {
            await options.Resilience!(
                async token => (result, hasResult) = (await AttemptAsync(body, token).ConfigureAwait(false), true), cancellationToken).ConfigureAwait(false);
            if (!hasResult)
            {
                throw new InvalidOperationException("StageOptions.Resilience ended without an exception although no attempt succeeded. Let it pass on the last attempt's.");
            }

            HandOverFailed(last: RunStatus.Retry);
            return result;
        }
        catch (Exception exception)
        {
            FailWithoutAttempt(exception, cancellationToken);
            HandOverFailed(last: RunStatus.Failure, isCancelled: Cancellation.IsBehind(exception, cancellationToken));
            throw;
        }
    }

    private async Task<T> AttemptAsync<T>(Func<StageScope, CancellationToken, Task<T>> body, CancellationToken cancellationToken)
    {
        HandOverFailed(last: RunStatus.Retry);
        var scope = stages.Begin(runId, stage, options.InputRefs, Interlocked.Increment(ref _attempts));
        try
        {
            var result = await body(scope, cancellationToken).ConfigureAwait(false);
            scope.CompleteUnlessEnded();
            scope.Dispose();
            return result;
        }
        catch (Exception exception)
        {
            scope.Fail(exception, cancellationToken);
            lock (_lock)
            {
                _failed.Add((scope, exception));
            }

            throw;
        }
    }

    /// <summary>A pipeline may refuse before the first attempt, as an open circuit does: the run says so.</summary>
    private void FailWithoutAttempt(Exception exception, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _attempts) == 0)
        {
            using var scope = stages.Begin(runId, stage, options.InputRefs, attempt: 1);
            scope.Fail(exception, cancellationToken);
        }
    }

    private void HandOverFailed(RunStatus last, bool isCancelled = false)
    {
        lock (_lock)
        {
            for (var at = 0; at < _failed.Count; at++)
            {
                var (scope, exception) = _failed[at];
                if (at < _failed.Count - 1 || last == RunStatus.Retry)
                {
                    scope.Retry(exception);
                }
                else if (isCancelled)
                {
                    scope.NoteCancellation(); // while the pipeline waited before another attempt
                }

                scope.Dispose();
            }

            _failed.Clear();
        }
    }
}

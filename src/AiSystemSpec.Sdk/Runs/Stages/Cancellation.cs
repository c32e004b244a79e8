namespace AiSystemSpec.Sdk.Runs.Stages;

/// <summary>Tells a stage that was called off, by its caller or a shutdown, from one that failed.</summary>
internal static class Cancellation
{
    /// <summary>
    /// Whether a cancellation is behind the exception. One beside a <see cref="TimeoutException"/> is a time limit, as <c>HttpClient</c>
    /// reports its own, unless the caller's token was cancelled.
    /// </summary>
    public static bool IsBehind(Exception exception, CancellationToken callersToken = default) =>
        Contains<OperationCanceledException>(exception) && (callersToken.IsCancellationRequested || !Contains<TimeoutException>(exception));

    private static bool Contains<T>(Exception exception)
        where T : Exception
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is T || (cause is AggregateException several && several.InnerExceptions.Any(Contains<T>)))
            {
                return true;
            }
        }

        return false;
    }
}

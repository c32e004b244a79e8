using AiSystemSpec.Sdk.Research.Table;
namespace AiSystemSpec.Sdk.Research.Flights;

/// <summary>
/// Lets callers who ask for one topic at the same moment share a lookup, so that a stampede is not one query a caller.
/// A caller never gets a lookup that began before it asked: who comes while one is under way shares the next.
/// </summary>
internal sealed class LookupCoalescer(TopicReader reader)
{
    private readonly Lock _sync = new();
    private readonly Dictionary<string, Turn> _turns = new(StringComparer.Ordinal);

    public async ValueTask<Observation?> LookAsync(string topic, CancellationToken cancellationToken)
    {
        Task<Observation?>? next = null;
        lock (_sync)
        {
            if (_turns.TryGetValue(topic, out var turn))
            {
                turn.Next ??= new TaskCompletionSource<Observation?>(TaskCreationOptions.RunContinuationsAsynchronously);
                next = turn.Next.Task;
            }
            else
            {
                _turns.Add(topic, new Turn());
            }
        }

        if (next is not null)
        {
            var shared = await next.WaitAsync(cancellationToken).ConfigureAwait(false);
            return shared?.Copy();
        }

        try
        {
            return await reader.LookAsync(topic, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            EndTurn(topic);
        }
    }

    /// <summary>Forgets the topic, or looks once more for those who came meanwhile.</summary>
    private void EndTurn(string topic)
    {
        TaskCompletionSource<Observation?>? waiting;
        lock (_sync)
        {
            var turn = _turns[topic];
            waiting = turn.Next;
            turn.Next = null;
            if (waiting is null)
            {
                _ = _turns.Remove(topic);
                return;
            }
        }

        _ = LookForWaitingAsync(topic, waiting);
    }

    private async Task LookForWaitingAsync(string topic, TaskCompletionSource<Observation?> waiting)
    {
        try
        {
            waiting.SetResult(await reader.LookAsync(topic, CancellationToken.None).ConfigureAwait(false));
        }
#pragma warning disable CA1031 // Handed to those who wait, whatever it is.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            waiting.SetException(exception);
        }
        finally
        {
            EndTurn(topic);
        }
    }

    private sealed class Turn
    {
        public TaskCompletionSource<Observation?>? Next { get; set; }
    }
}

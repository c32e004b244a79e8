using System.Runtime.CompilerServices;

namespace AiSystemSpec.Sdk.TestKit;

/// <summary>Waits for what is meant instead of guessing how long it takes.</summary>
public static class Until
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits until a condition is true.</summary>
    /// <param name="condition">Asked again and again.</param>
    /// <param name="text">Its text in the source, for the error.</param>
    /// <exception cref="TimeoutException">It did not come true within 30 seconds.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string text = "")
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!await condition())
        {
            if (limit.IsCancellationRequested)
            {
                throw new TimeoutException($"It did not come true within {Limit.TotalSeconds} s: {text}");
            }

            await Task.Delay(Pause);
        }
    }

    /// <inheritdoc cref="TrueAsync(Func{Task{bool}}, string)"/>
    public static Task TrueAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string text = "") =>
        TrueAsync(() => Task.FromResult(condition()), text);
}

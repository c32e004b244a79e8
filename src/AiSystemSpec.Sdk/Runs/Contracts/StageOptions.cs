using System.Text.Json.Nodes;

namespace AiSystemSpec.Sdk;

/// <summary>How <c>IRunLogger.RunStageAsync</c> tries a stage.</summary>
public sealed record StageOptions
{
    /// <summary>The default of <see cref="MaxAttempts"/>.</summary>
    public const int DefaultMaxAttempts = 1;

    /// <summary>Gets how often the stage is tried at the most, from 1.</summary>
    /// <value>1 by default: no retry.</value>
    public int MaxAttempts { get; init; } = DefaultMaxAttempts;

    /// <summary>Gets which exceptions are worth another attempt.</summary>
    /// <value>All but cancellation by the caller where null.</value>
    public Func<Exception, bool>? IsTransient { get; init; }

    /// <summary>Gets how long to wait after the attempt of the given number, from 1.</summary>
    /// <value>Exponential from one second with jitter, 30 seconds at the most, where null.</value>
    public Func<int, TimeSpan>? Delay { get; init; }

    /// <summary>
    /// Gets what runs the attempts instead of <see cref="MaxAttempts"/>, <see cref="IsTransient"/> and <see cref="Delay"/>, which are not
    /// looked at then.
    /// </summary>
    /// <value>
    /// <see langword="null"/> by default. With Polly or Microsoft.Extensions.Resilience: <c>Resilience = pipeline.ExecuteAsync</c>.
    /// </value>
    /// <remarks>
    /// Each time the delegate calls what it is given is an attempt with a row of its own; a failed attempt's row follows when the next
    /// begins or the delegate ends.
    /// </remarks>
    public Func<Func<CancellationToken, ValueTask>, CancellationToken, ValueTask>? Resilience { get; init; }

    /// <summary>Gets the references to inputs, written in every attempt's row; copied.</summary>
    public JsonNode? InputRefs { get; init; }
}

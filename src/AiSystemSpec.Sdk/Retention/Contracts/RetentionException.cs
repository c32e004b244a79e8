namespace AiSystemSpec.Sdk;

/// <summary>A purge that could not be finished. What it deleted before stays deleted, and <see cref="Result"/> says all of it.</summary>
public sealed class RetentionException : Exception
{
    /// <summary>Initializes a new instance.</summary>
    /// <param name="message">Why, and what to do.</param>
    /// <param name="result">What was deleted and what was left.</param>
    /// <param name="innerException">The error behind it.</param>
    public RetentionException(string message, RetentionResult result, Exception? innerException = null)
        : base(message, innerException)
    {
        ArgumentNullException.ThrowIfNull(result);
        Result = result;
    }

    /// <summary>Gets what was deleted, and what was left and why.</summary>
    public RetentionResult Result { get; }
}

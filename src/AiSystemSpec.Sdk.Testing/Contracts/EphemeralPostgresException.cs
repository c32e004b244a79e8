namespace AiSystemSpec.Sdk.Testing;

/// <summary>No way led to a server. The message names each way that was tried, what it said, and the remedies.</summary>
public sealed class EphemeralPostgresException : Exception
{
    /// <summary>Creates the exception without a message of its own.</summary>
    public EphemeralPostgresException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was tried, and the remedy.</param>
    public EphemeralPostgresException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="message">What was tried, and the remedy.</param>
    /// <param name="innerException">The cause.</param>
    public EphemeralPostgresException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

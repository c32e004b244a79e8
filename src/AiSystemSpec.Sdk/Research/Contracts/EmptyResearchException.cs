namespace AiSystemSpec.Sdk;

/// <summary>A research delegate came back with null or blank text; nothing was stored.</summary>
public sealed class EmptyResearchException : Exception
{
    /// <summary>Initializes the exception with the standard message.</summary>
    public EmptyResearchException()
        : this("The research came back empty, so nothing was stored. Return the text that was found, or throw where nothing was.")
    {
    }

    /// <summary>Initializes the exception.</summary>
    /// <param name="message">The message.</param>
    public EmptyResearchException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes the exception.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public EmptyResearchException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

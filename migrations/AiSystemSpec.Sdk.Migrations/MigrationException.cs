namespace AiSystemSpec.Sdk.Migrations;

/// <summary>
/// An operation on the schema that was refused or failed. The message says what is wrong and what to do, and never holds a password.
/// </summary>
public sealed class MigrationException : Exception
{
    /// <summary>Initializes the exception.</summary>
    /// <param name="kind">What it means for the database.</param>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="innerException">The error behind it, if any.</param>
    public MigrationException(MigrationErrorKind kind, string message, Exception? innerException = null)
        : base(message, innerException) => Kind = kind;

    /// <summary>Gets what the error means for the database.</summary>
    public MigrationErrorKind Kind { get; }

    internal static MigrationException Refused(string message) => new(MigrationErrorKind.Refused, message);
}

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>Which database rows are meant for, as far as it is known: before the first connection only the target is.</summary>
/// <param name="Target">What the host configured: hosts, ports, database, user and registration, without the password.</param>
/// <param name="Server">The server's own name for the database; null where it was never reached, or the role may not read it.</param>
/// <param name="Id">The id that a migration gave the database; null where it is not there, or not readable.</param>
internal sealed record DatabaseIdentity(string Target, ServerDatabase? Server = null, Guid? Id = null)
{
    /// <summary>
    /// Whether rows that were meant for the other may be written here: the server knows it for the same database, or the host was
    /// configured alike and nothing speaks against it. A copy of the server's files has all of this in common with the original.
    /// </summary>
    public bool Owns(DatabaseIdentity other) =>
        (Server is not null && Server == other.Server)
        || (string.Equals(Target, other.Target, StringComparison.Ordinal) && (Id is null || other.Id is null || Id == other.Id));
}

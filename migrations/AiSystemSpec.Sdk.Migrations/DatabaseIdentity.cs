namespace AiSystemSpec.Sdk.Migrations;

/// <summary>By what one database is told from another: the files that a host's run log writes for a database carry its identity.</summary>
public sealed record DatabaseIdentity
{
    /// <summary>Gets the identity.</summary>
    public required Guid Id { get; init; }

    /// <summary>Gets when it was made or renewed, by the database's clock; null where that is no moment that .NET knows.</summary>
    public DateTimeOffset? CreatedAt { get; init; }
}

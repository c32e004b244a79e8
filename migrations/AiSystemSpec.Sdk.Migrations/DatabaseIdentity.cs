namespace AiSystemSpec.Sdk.Migrations;

/// <summary>By what one database is told from another: the files that a host's run log writes for a database carry its identity.</summary>
/// <param name="Id">The identity.</param>
/// <param name="CreatedAt">When it was made or renewed, by the database's clock; null where that is no moment that .NET knows.</param>
public sealed record DatabaseIdentity(Guid Id, DateTimeOffset? CreatedAt);

namespace AiSystemSpec.Sdk.Migrations.History;

/// <summary>A row of the history.</summary>
internal sealed record AppliedMigration(string Id, string? Checksum);

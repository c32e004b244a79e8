namespace AiSystemSpec.Sdk.Migrations;

/// <summary>How to migrate.</summary>
public sealed record MigrateOptions
{
}

namespace AiSystemSpec.Sdk.Migrations.Scripts;

/// <summary>One statement of a migration, with its final semicolon.</summary>
/// <param name="Text">The SQL.</param>
/// <param name="IsTransactional">False where it must stand alone, outside any transaction.</param>
internal sealed record SqlStatement(string Text, bool IsTransactional);

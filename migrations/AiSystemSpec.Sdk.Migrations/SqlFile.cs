namespace AiSystemSpec.Sdk.Migrations;

/// <summary>A file of SQL.</summary>
/// <param name="Name">Its name, without a folder.</param>
/// <param name="Text">Its content.</param>
public sealed record SqlFile(string Name, string Text);

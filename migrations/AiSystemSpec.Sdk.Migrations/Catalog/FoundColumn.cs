namespace AiSystemSpec.Sdk.Migrations.Catalog;

/// <summary>A column of one of the three tables.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, as the server prints it.</param>
/// <param name="IsNotNull">Whether it refuses NULL.</param>
/// <param name="Default">Its default, as the server prints it; for a generated or identity column what it is.</param>
internal sealed record FoundColumn(string Table, string Name, string Type, bool IsNotNull, string? Default);

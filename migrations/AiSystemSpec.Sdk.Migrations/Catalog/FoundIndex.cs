namespace AiSystemSpec.Sdk.Migrations.Catalog;

/// <summary>An index on one of the three tables.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Table">Its table.</param>
/// <param name="IsValid">False where a concurrent build broke off.</param>
/// <param name="IsUnique">Whether it refuses duplicates.</param>
/// <param name="IsPrimary">Whether it is the primary key's.</param>
/// <param name="IsPartial">Whether it has a condition.</param>
/// <param name="Columns">Its key columns; an empty name where an expression stands.</param>
/// <param name="Definition">How the server prints it.</param>
internal sealed record FoundIndex(
    string Name, string Table, bool IsValid, bool IsUnique, bool IsPrimary, bool IsPartial, IReadOnlyList<string> Columns, string Definition);

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
    string Name, string Table, bool IsValid, bool IsUnique, bool IsPrimary, bool IsPartial, IReadOnlyList<string> Columns, string Definition)
{
    /// <summary>Gets the constraint that it stands for; null where there is none.</summary>
    public string? Constraint { get; init; }

    /// <summary>Gets whether it is checked with each row, as ON CONFLICT needs, and not at the end of the transaction.</summary>
    public bool IsImmediate { get; init; } = true;

    /// <summary>Gets whether it is a part of an index of a parent table, whose it is to drop.</summary>
    public bool IsAttached { get; init; }

    /// <summary>Gets whether a foreign key of another table needs it.</summary>
    public bool IsReferenced { get; init; }

    /// <summary>Gets whether rows are told apart by it on the way to a subscriber.</summary>
    public bool IsReplicaIdentity { get; init; }
}

namespace AiSystemSpec.Sdk.Migrations.Catalog;

/// <summary>What stands in the catalog under the name of one of the three tables.</summary>
/// <param name="Name">The name.</param>
/// <param name="Kind">The catalog's letter: <c>r</c> a table, <c>p</c> a partitioned one, <c>v</c> a view.</param>
/// <param name="Owner">Its owner.</param>
/// <param name="MayOwn">Whether the current role has the owner's rights.</param>
/// <param name="MaySelect">Whether the current role may read it.</param>
/// <param name="HasRowSecurity">Whether row level security is on.</param>
/// <param name="Columns">Its columns, in their order.</param>
/// <param name="Indexes">Its indexes.</param>
/// <param name="Constraints">Its checks, foreign keys and exclusions.</param>
internal sealed record FoundTable(
    string Name,
    char Kind,
    string Owner,
    bool MayOwn,
    bool MaySelect,
    bool HasRowSecurity,
    IReadOnlyList<FoundColumn> Columns,
    IReadOnlyList<FoundIndex> Indexes,
    IReadOnlyList<FoundConstraint> Constraints)
{
    public string QualifiedName => $"public.{Name}";

    /// <summary>Gets how it is partitioned, as the server prints it; null where it is not.</summary>
    public string? PartitionKey { get; init; }

    /// <summary>Gets the tables whose partition or heir it is.</summary>
    public IReadOnlyList<string> Parents { get; init; } = [];

    /// <summary>Gets whether it is a partition, which refuses rows outside of its bounds.</summary>
    public bool IsPartition { get; init; }

    /// <summary>Gets the tables that inherit from it.</summary>
    public IReadOnlyList<string> Children { get; init; } = [];

    /// <summary>Gets whether it is UNLOGGED.</summary>
    public bool IsUnlogged { get; init; }

    /// <summary>
    /// Gets the catalog's letter: <c>d</c> by the primary key, <c>i</c> by an index, <c>f</c> by the whole row, <c>n</c> by nothing.
    /// </summary>
    public char ReplicaIdentity { get; init; } = 'd';

    /// <summary>Gets the publications that pass its changes and deletions on.</summary>
    public IReadOnlyList<string> Publications { get; init; } = [];

    /// <summary>Gets its rules, as the server prints them.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Gets its triggers.</summary>
    public IReadOnlyList<FoundTrigger> Triggers { get; init; } = [];

    /// <summary>
    /// Gets the names that begin as a key of this table would be named, and are taken: by its own index, or by that of a table that was
    /// renamed.
    /// </summary>
    public IReadOnlyList<string> KeyNames { get; init; } = [];

    /// <summary>Gets who asks.</summary>
    public string CurrentRole { get; init; } = "";

    public bool IsTable => Kind is 'r' or 'p';

    public FoundColumn? Column(string name) => Columns.FirstOrDefault(column => string.Equals(column.Name, name, StringComparison.Ordinal));
}

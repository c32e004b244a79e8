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
/// <param name="Constraints">Its checks and foreign keys: name and definition.</param>
internal sealed record FoundTable(
    string Name,
    char Kind,
    string Owner,
    bool MayOwn,
    bool MaySelect,
    bool HasRowSecurity,
    IReadOnlyList<FoundColumn> Columns,
    IReadOnlyList<FoundIndex> Indexes,
    IReadOnlyList<KeyValuePair<string, string>> Constraints)
{
    public string QualifiedName => $"public.{Name}";

    public bool IsTable => Kind is 'r' or 'p';

    public FoundColumn? Column(string name) => Columns.FirstOrDefault(column => string.Equals(column.Name, name, StringComparison.Ordinal));
}

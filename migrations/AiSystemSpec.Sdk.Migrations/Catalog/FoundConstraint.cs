namespace AiSystemSpec.Sdk.Migrations.Catalog;

/// <summary>A check, a foreign key or an exclusion constraint of one of the three tables.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">The catalog's letter: <c>c</c> a check, <c>f</c> a foreign key, <c>x</c> an exclusion.</param>
/// <param name="Definition">How the server prints it.</param>
/// <param name="Condition">Of a check, the condition alone.</param>
/// <param name="Columns">The columns that it is about.</param>
/// <param name="IsInherited">Whether it comes from a parent table.</param>
internal sealed record FoundConstraint(
    string Table, string Name, char Kind, string Definition, string? Condition, IReadOnlyList<string> Columns, bool IsInherited);

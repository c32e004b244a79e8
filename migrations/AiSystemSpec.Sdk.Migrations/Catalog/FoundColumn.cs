namespace AiSystemSpec.Sdk.Migrations.Catalog;

/// <summary>A column of one of the three tables.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, as the server prints it; of a domain the type below.</param>
/// <param name="IsNotNull">Whether it refuses NULL.</param>
/// <param name="Default">Its default, as the server prints it; for a generated or identity column what it is.</param>
internal sealed record FoundColumn(string Table, string Name, string Type, bool IsNotNull, string? Default)
{
    /// <summary>Gets the domain that it is declared with; null where it is none.</summary>
    public string? Domain { get; init; }

    /// <summary>Gets whether the domain refuses values that its type takes.</summary>
    public bool IsDomainStrict { get; init; }

    /// <summary>
    /// Gets the catalog's letter: <c>a</c> always and <c>d</c> by default generated as identity; a space where it is not.
    /// </summary>
    public char Identity { get; init; } = ' ';

    /// <summary>Gets the catalog's letter: <c>s</c> a stored and <c>v</c> a virtual generated column; a space where it is none.</summary>
    public char Generated { get; init; } = ' ';

    /// <summary>Gets whether it comes from a parent table, whose it is to change.</summary>
    public bool IsInherited { get; init; }

    /// <summary>Gets its collation where that takes different texts for equal; null where it is an ordinary one.</summary>
    public string? NondeterministicCollation { get; init; }

    /// <summary>
    /// Gets what depends on it and stands against another type: views, policies, triggers, constraints, indexes over an expression.
    /// </summary>
    public IReadOnlyList<string> Dependents { get; init; } = [];

    /// <summary>Gets indexes over it whose operator class another type may not have, such as GIN over <c>jsonb</c>.</summary>
    public IReadOnlyList<string> BoundIndexes { get; init; } = [];
}

using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Connections;

/// <summary>What a role may do with one table.</summary>
/// <param name="Name">Its name, in the schema's own.</param>
/// <param name="IsThere">Whether there is one.</param>
internal sealed record TableRights(string Name, bool IsThere)
{
    public const string Select = "SELECT";
    public const string Insert = "INSERT";

    /// <summary>Gets the rights that were not granted.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Gets whether row level security shows the role nothing.</summary>
    public bool HidesRows { get; init; }

    /// <summary>Gets whether row level security takes no row from the role.</summary>
    public bool RefusesRows { get; init; }

    public string? MissingColumns { get; init; }

    /// <summary>Gets the other schemas that have a table of the name.</summary>
    public string? Elsewhere { get; init; }

    /// <summary>Whether rows cannot be read.</summary>
    public bool IsUnreadable => HidesRows || Lacks(Select);

    /// <summary>Whether rows cannot be written.</summary>
    public bool IsUnwritable => RefusesRows || Lacks(Insert);

    public string? DescribeMissing(IReadOnlyCollection<string> rights)
    {
        var missing = Missing.Where(right => rights.Count == 0 || rights.Contains(right, StringComparer.Ordinal) || !right.All(char.IsAsciiLetterUpper)).ToList();
        if (HidesRows && (rights.Count == 0 || rights.Contains(Select, StringComparer.Ordinal)) && !missing.Contains(Select, StringComparer.Ordinal))
        {
            missing.Add("a policy for SELECT under row level security");
        }

        if (RefusesRows && (rights.Count == 0 || rights.Contains(Insert, StringComparer.Ordinal)) && !missing.Contains(Insert, StringComparer.Ordinal))
        {
            missing.Add("a policy for INSERT under row level security");
        }

        return missing.Count == 0 ? null : $"{string.Join(", ", missing)} on {Schema.Name}.{Name}";
    }

    private bool Lacks(string right) =>
        Missing.Any(missing => string.Equals(missing, right, StringComparison.Ordinal) || !missing.All(char.IsAsciiLetterUpper));
}

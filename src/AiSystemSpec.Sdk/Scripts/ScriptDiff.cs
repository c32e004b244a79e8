using AiSystemSpec.Sdk.Scripts.Comparing;

namespace AiSystemSpec.Sdk;

/// <summary>How two scripts differ: by lines, and where both are JSON objects or arrays by their places, too.</summary>
public sealed class ScriptDiff
{
    private readonly Script _from;
    private readonly Script _to;

    private ScriptDiff(Script from, Script to, IReadOnlyList<LineDifference> lines, IReadOnlyList<JsonDifference>? json)
    {
        (_from, _to) = (from, to);
        Lines = lines;
        Json = json;
    }

    /// <summary>Gets all lines of both, in order: removed, added and unchanged ones. Lines end at LF, CR LF or CR.</summary>
    public IReadOnlyList<LineDifference> Lines { get; }

    /// <summary>
    /// Gets the places that differ, in the order of the first script and then of what the second added; the order of properties, white space
    /// and the spelling of numbers' values (<c>1.0</c> and <c>1</c> differ) aside.
    /// </summary>
    /// <value>Null where not both are JSON objects or arrays of at most 500 levels.</value>
    public IReadOnlyList<JsonDifference>? Json { get; }

    /// <summary>Gets whether nothing differs, letter by letter but for the ends of lines.</summary>
    public bool IsEmpty => Lines.All(line => line.Kind == ScriptChangeKind.Unchanged);

    /// <summary>Compares two scripts. A content that is NULL has no lines.</summary>
    /// <param name="from">The script to compare with, as a rule the older one.</param>
    /// <param name="to">The script that is compared.</param>
    public static ScriptDiff Compare(Script from, Script to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        var lines = LineComparison.Compare(LineComparison.Split(from.Content), LineComparison.Split(to.Content));
        return new ScriptDiff(from, to, lines, JsonComparison.Compare(from.Content, to.Content));
    }

    /// <summary>Writes the changed lines as a unified diff, with three lines round each; empty where nothing differs.</summary>
    public string ToUnifiedText() => IsEmpty ? "" : UnifiedText.Write(_from, _to, Lines);
}

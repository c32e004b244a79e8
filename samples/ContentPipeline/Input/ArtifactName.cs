using System.Diagnostics.CodeAnalysis;

namespace ContentPipeline.Input;

/// <summary>
/// The name of a file that an upstream pipeline left on disk: <c>&lt;id&gt;_&lt;kind&gt;.json</c>.
/// The kind is one of those known here, which may hold an underscore, or else the word after the last underscore.
/// The id is all that stands before; neither may be blank.
/// </summary>
/// <param name="Id">What the artifacts of one piece of content have in common.</param>
/// <param name="Kind">What the file holds.</param>
internal sealed record ArtifactName(string Id, string Kind)
{
    public const string Research = "research";
    public const string LongScript = "script_long";
    public const string ShortScripts = "script_shorts";

    public const string Extension = ".json";

    private static readonly string[] KnownKinds = [Research, LongScript, ShortScripts];

    public static bool TryParse(string fileName, [NotNullWhen(true)] out ArtifactName? name)
    {
        name = null;
        if (!fileName.EndsWith(Extension, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var stem = fileName[..^Extension.Length];
        var kind = Array.Find(KnownKinds, known => ("_" + stem).EndsWith("_" + known, StringComparison.Ordinal))
            ?? stem[(stem.LastIndexOf('_') + 1)..];
        var idLength = stem.Length - kind.Length - 1;
        if (idLength < 1 || string.IsNullOrWhiteSpace(kind) || string.IsNullOrWhiteSpace(stem[..idLength]))
        {
            return false;
        }

        name = new ArtifactName(stem[..idLength], kind);
        return true;
    }
}

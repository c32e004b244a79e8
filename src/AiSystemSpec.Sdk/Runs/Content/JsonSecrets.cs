using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.Runs.Secrets;

namespace AiSystemSpec.Sdk.Runs.Content;

/// <summary>
/// Which values of a JSON tree are secret by a name: a property's own, that of the array or object around it, or one that stands beside it
/// (<c>{"name":"x-api-key","value":…}</c>, <c>["Authorization", …]</c>, <c>["--password", …]</c>).
/// </summary>
internal static class JsonSecrets
{
    private const string RootRunId = "root_run_id";

    private static readonly string[] NamesOfNames = ["name", "key", "header", "Name", "Key"];

    /// <summary>What is said of a property or an item; of an item also by the text before it, where there is one.</summary>
    public static JsonSecret Of(in JsonFrame frame, string? name, JsonNode? value, string? previous)
    {
        if (name is null)
        {
            return OfItem(frame, value, previous);
        }

        var kind = SecretNames.KindOf(name);
        if (kind == SecretKind.None && name is "value" or "Value" or "values" or "Values")
        {
            kind = KindOfSibling(frame);
        }

        return new JsonSecret(kind, IsWithin: frame.Secret.Kind >= SecretKind.Secret || frame.Secret.IsWithin, IsRunId: string.Equals(name, RootRunId, StringComparison.Ordinal));
    }

    private static JsonSecret OfItem(in JsonFrame frame, JsonNode? value, string? previous)
    {
        if (previous is null || previous.Length > SecretNames.LongestName || frame.Secret.Kind != SecretKind.None)
        {
            return frame.Secret;
        }

        var kind = SecretNames.KindOf(previous);
        if (kind >= SecretKind.Secret && previous[0] == '-')
        {
            return new JsonSecret(kind);
        }

        // A list of two names is no pair: the second must look like a value.
        return kind switch
        {
            _ when !frame.IsAtSecondOfTwo => frame.Secret,
            SecretKind.Cookie => new JsonSecret(SecretKind.Cookie),
            SecretKind.Authorization when IsOfParts(value) => new JsonSecret(SecretKind.Authorization),
            >= SecretKind.Secret => new JsonSecret(SecretKind.None, IsWithin: true),
            _ => frame.Secret,
        };
    }

    private static bool IsOfParts(JsonNode? value) =>
        value is JsonValue header && JsonLeaf.TryGetText(header, out var text) && text.Contains(' ', StringComparison.Ordinal);

    private static SecretKind KindOfSibling(in JsonFrame frame)
    {
        foreach (var name in NamesOfNames)
        {
            if (KindOf(frame.Sibling(name)) is not SecretKind.None and var kind)
            {
                return kind;
            }
        }

        return SecretKind.None;
    }

    private static SecretKind KindOf(JsonNode? name) =>
        name is JsonValue value && JsonLeaf.TryGetText(value, out var text) && text.Length <= SecretNames.LongestName ? SecretNames.KindOf(text) : SecretKind.None;
}

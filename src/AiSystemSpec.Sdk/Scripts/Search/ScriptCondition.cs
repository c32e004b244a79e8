using AiSystemSpec.Sdk.Text;

namespace AiSystemSpec.Sdk.Scripts.Search;

/// <summary>A filter that was checked, and what it takes to answer it.</summary>
internal sealed class ScriptCondition
{
    private ScriptCondition(ScriptFilter filter, JsonCondition? json)
    {
        Filter = filter;
        Json = json;
    }

    public ScriptFilter Filter { get; }

    /// <summary>Gets what looks into JSON; null where nothing does.</summary>
    public JsonCondition? Json { get; }

    /// <summary>Gets whether contents are looked into, for which there is no index.</summary>
    public bool IsOfContent => Json is not null || !string.IsNullOrEmpty(Filter.Contains);

    /// <summary>Refuses what cannot be asked, before anything is sent.</summary>
    public static ScriptCondition Of(ScriptFilter? filter, string argumentName)
    {
        filter ??= new ScriptFilter();
        StoredText.ThrowIfInvalid(filter.Contains, nameof(filter.Contains));
        StoredText.ThrowIfInvalid(filter.JsonPath, nameof(filter.JsonPath));
        StoredText.ThrowIfInvalid(filter.JsonValue, nameof(filter.JsonValue));
        if (!string.IsNullOrEmpty(filter.JsonValue) && string.IsNullOrEmpty(filter.JsonPath))
        {
            throw new ArgumentException("ScriptFilter.JsonValue says which value, but not of which property. Set ScriptFilter.JsonPath too.", argumentName);
        }

        return new ScriptCondition(filter, JsonCondition.Of(filter));
    }
}

using AiSystemSpec.Sdk.Text;
using Microsoft.EntityFrameworkCore;

namespace AiSystemSpec.Sdk.Scripts;

/// <summary>The part of a filter that the database answers.</summary>
internal static class ScriptFiltering
{
    /// <summary>Letters are what they are, and patterns work, whatever the column's own collation takes for equal.</summary>
    private const string Deterministic = "default";

    /// <summary>Refuses what cannot be asked, before anything is sent.</summary>
    public static ScriptFilter Checked(ScriptFilter? filter)
    {
        filter ??= new ScriptFilter();
        StoredText.ThrowIfInvalid(filter.Contains, nameof(filter.Contains));
        if (!string.IsNullOrEmpty(filter.JsonValue) && string.IsNullOrEmpty(filter.JsonPath))
        {
            throw new ArgumentException("ScriptFilter.JsonValue says which value, but not of which property. Set ScriptFilter.JsonPath too.", nameof(filter));
        }

        return filter;
    }

    public static IQueryable<Script> Apply(IQueryable<Script> scripts, ScriptFilter filter)
    {
        if (!string.IsNullOrEmpty(filter.Contains))
        {
            scripts = scripts.Where(script => EF.Functions.Collate(script.Content!, Deterministic).Contains(filter.Contains));
        }

        if (!string.IsNullOrEmpty(filter.JsonPath))
        {
            scripts = scripts.Where(script => EF.Functions.Like(EF.Functions.Collate(script.Content!, Deterministic), "%{%"));
        }

        if (filter.From is { } from)
        {
            scripts = scripts.Where(script => script.CreatedAt >= from);
        }

        if (filter.To is { } to)
        {
            scripts = scripts.Where(script => script.CreatedAt < to);
        }

        return scripts;
    }
}

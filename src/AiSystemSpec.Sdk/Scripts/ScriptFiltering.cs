using AiSystemSpec.Sdk.Text;
using Microsoft.EntityFrameworkCore;

namespace AiSystemSpec.Sdk.Scripts;

/// <summary>The part of a filter that the database answers.</summary>
internal static class ScriptFiltering
{
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
            scripts = scripts.Where(script => script.Content!.Contains(filter.Contains));
        }

        if (!string.IsNullOrEmpty(filter.JsonPath))
        {
            scripts = scripts.Where(script => EF.Functions.Like(script.Content!, "%{%"));
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

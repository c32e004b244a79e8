using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AiSystemSpec.Sdk.Research.Typed;

namespace AiSystemSpec.Sdk;

/// <summary>The Context Cache with content of a type, stored as JSON text. Content that does not parse counts as a miss.</summary>
public static class TypedResearchCacheExtensions
{
    /// <summary>Gets the topic's newest entry as a value, if it is fresh and parses.</summary>
    /// <typeparam name="T">The content's type.</typeparam>
    /// <param name="cache">The cache.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="typeInfo">How the type is read, from a source-generated <c>JsonSerializerContext</c>.</param>
    /// <param name="maxAge">How old the entry may be, more than zero; 7 days by default (<see cref="AiSystemSpecOptions.MaxAge"/>).</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The value, or the type's default where the topic must be researched.</returns>
    /// <exception cref="ArgumentException">The topic is blank, reserved, or cannot be stored, or the age is not positive.</exception>
    public static async ValueTask<T?> GetFreshAsync<T>(
        this IResearchCache cache, string topic, JsonTypeInfo<T> typeInfo, TimeSpan? maxAge = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(typeInfo);
        var entry = await cache.GetFreshAsync(topic, maxAge, cancellationToken).ConfigureAwait(false);
        return new TypedContent<T>(typeInfo).TryRead(entry?.Content, out var value) ? value : default;
    }

    /// <summary>Stores a value as the topic's newest entry.</summary>
    /// <typeparam name="T">The content's type.</typeparam>
    /// <param name="cache">The cache.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="value">The value; not null.</param>
    /// <param name="typeInfo">How the type is written.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The stored row.</returns>
    /// <exception cref="ArgumentException">The topic is blank or reserved, or the value null, or either cannot be stored.</exception>
    public static Task<ResearchEntry> SaveAsync<T>(
        this IResearchCache cache, string topic, T value, JsonTypeInfo<T> typeInfo, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(typeInfo);
        return cache.SaveAsync(topic, JsonSerializer.Serialize(value, typeInfo), cancellationToken);
    }

    /// <summary>Gets the topic's fresh entry as a value, or researches and stores it.</summary>
    /// <typeparam name="T">The content's type.</typeparam>
    /// <param name="cache">The cache.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="research">Does the research; a null result is an empty one.</param>
    /// <param name="typeInfo">How the type is read and written.</param>
    /// <param name="options">What this call asks for; <see cref="ResearchOptions.IsValid"/> is asked of content that parses.</param>
    /// <param name="cancellationToken">Cancels this caller only.</param>
    /// <returns>The value and how it was come by.</returns>
    /// <exception cref="ArgumentException">The topic is blank, reserved, or cannot be stored, or an option is out of range.</exception>
    /// <exception cref="EmptyResearchException">The research came back null; nothing was stored.</exception>
    public static ValueTask<TypedResearchResult<T>> GetOrResearchAsync<T>(
        this IResearchCache cache,
        string topic,
        Func<ResearchContext, CancellationToken, Task<T>> research,
        JsonTypeInfo<T> typeInfo,
        ResearchOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(research);
        ArgumentNullException.ThrowIfNull(typeInfo);
        return GetOrResearchCoreAsync(cache, topic, research, typeInfo, options ?? new ResearchOptions(), cancellationToken);
    }

    private static async ValueTask<TypedResearchResult<T>> GetOrResearchCoreAsync<T>(
        IResearchCache cache,
        string topic,
        Func<ResearchContext, CancellationToken, Task<T>> research,
        JsonTypeInfo<T> typeInfo,
        ResearchOptions options,
        CancellationToken cancellationToken)
    {
        var content = new TypedContent<T>(typeInfo);
        var isValid = options.IsValid;
        var result = await cache.GetOrResearchAsync(
            topic,
            async (context, token) => await research(context, token).ConfigureAwait(false) is { } value ? JsonSerializer.Serialize(value, typeInfo) : "",
            options with { IsValid = text => content.TryRead(text, out _) && (isValid is null || isValid(text)) },
            cancellationToken).ConfigureAwait(false);
        return content.TryRead(result.Entry.Content, out var value)
            ? new TypedResearchResult<T> { Value = value, Result = result }
            : throw new JsonException($"The research was stored, but does not read back as {typeof(T).Name}: its JsonTypeInfo must read what it writes.");
    }
}

using System.Globalization;
using AiSystemSpec.Sdk.Connections;

namespace AiSystemSpec.Sdk.DependencyInjection;

/// <summary>Marks what was registered, so that a second call is recognised.</summary>
/// <param name="Key">The service key; null for the default registration.</param>
/// <param name="OptionsName">The name of its options.</param>
/// <param name="ConnectionString">The connection string that the call named, if any.</param>
internal sealed record Registration(object? Key, string OptionsName, string? ConnectionString)
{
    /// <summary>Gets the name of its connection string and of its own section in the configuration, where it was given one.</summary>
    public string? ConnectionName { get; init; }

    /// <summary>Gets how metrics call the registration: its key, as short as people write it.</summary>
    public string Label =>
        Key is null ? Database.DefaultLabel : Convert.ToString(Key, CultureInfo.InvariantCulture) ?? Database.DefaultLabel;

    /// <summary>
    /// Gets the key as a text by which it is found again in another process: 1 and "1" are two; empty for the default registration.
    /// </summary>
    public string Name => Key is null ? "" : $"{Key.GetType().Name}:{Convert.ToString(Key, CultureInfo.InvariantCulture)}";
}

namespace AiSystemSpec.Sdk.DependencyInjection;

/// <summary>Marks a hosted service that was registered, so that a second call is recognised.</summary>
/// <param name="Key">The service key; null for the default registration.</param>
/// <param name="OptionsName">The name of its options.</param>
internal sealed record RetentionRegistration(object? Key, string OptionsName);

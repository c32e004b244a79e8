using AiSystemSpec.Sdk.Runs.Secrets;

namespace AiSystemSpec.Sdk.Runs.Content;

/// <summary>What the name of a JSON value, or of what it stands in, says of it.</summary>
/// <param name="Kind">What the name says.</param>
/// <param name="IsWithin">Whether it is a property of something secret, with a name of its own that says nothing.</param>
/// <param name="IsRunId">Whether it is the id by which a run is found.</param>
internal readonly record struct JsonSecret(SecretKind Kind, bool IsWithin = false, bool IsRunId = false)
{
    /// <summary>Whether a text under this name is a secret, whatever its form.</summary>
    public bool IsMeant(string text) => Kind switch
    {
        SecretKind.None => IsWithin && CredentialLook.IsPlausible(text),
        SecretKind.Maybe => CredentialLook.IsRandom(text),
        SecretKind.Cookie => text.Contains('=', StringComparison.Ordinal),
        _ => !CredentialLook.IsStandIn(text),
    };
}

using System.ComponentModel;

namespace AiSystemSpec.Sdk;

/// <summary>
/// JSON as the model's converters hand it to the column's mapping. A type of its own, so that the provider's mapping of JSON text is
/// never taken for it. Public for the code that <c>dotnet ef dbcontext optimize</c> generates; nothing for hosts to use.
/// </summary>
/// <param name="text">The JSON text.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class StoredJsonText(string text)
{
    /// <summary>Gets the JSON text.</summary>
    public string Text { get; } = text;
}

using System.ComponentModel;
using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.Persistence.Mapping;

namespace AiSystemSpec.Sdk;

/// <inheritdoc cref="StoredJsonConverter{T}"/>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class StoredRefsConverter : StoredJsonConverter<JsonNode>
{
    /// <summary>Initializes the converter.</summary>
    public StoredRefsConverter()
        : base(
            value => new StoredJsonText(StoredValues.FormatJson(value)!),
            value => StoredValues.ParseJson(value.Text)!,
            StoredTypeConverters.Json)
    {
    }
}

using System.ComponentModel;
using AiSystemSpec.Sdk.Persistence.Mapping;

namespace AiSystemSpec.Sdk;

/// <inheritdoc cref="StoredJsonConverter{T}"/>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class StoredMetricsConverter : StoredJsonConverter<StageMetrics>
{
    /// <summary>Initializes the converter.</summary>
    public StoredMetricsConverter()
        : base(
            value => new StoredJsonText(StoredValues.FormatMetrics(value)!),
            value => StoredValues.ParseMetrics(value.Text)!,
            StoredTypeConverters.Metrics)
    {
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AiSystemSpec.Sdk.Persistence.Mapping;

/// <summary>
/// Converters between the entities' types and the schema's, lenient on reading. Their expressions are repeated in the code of compiled
/// models, so they speak of public members only.
/// </summary>
[UnconditionalSuppressMessage("Trimming", "IL2026", Justification = NoneIsCalled)]
[UnconditionalSuppressMessage("AOT", "IL3050", Justification = NoneIsCalled)]
internal static class StoredTypeConverters
{
    private const string NoneIsCalled = "A converter keeps all members of its types; none of them is called.";

    public static readonly ValueConverter<RunStatus, string> Status =
        new(value => value.Value, value => new RunStatus(value));

    public static readonly ValueConverter<JsonNode, string> Json =
        new(value => StoredValues.FormatJson(value)!, value => StoredValues.ParseJson(value)!);

    public static readonly ValueConverter<StageMetrics, string> Metrics =
        new(value => StoredValues.FormatMetrics(value)!, value => StoredValues.ParseMetrics(value)!);

    /// <summary>What the mapping of a compiled model's columns says of itself: <see cref="StoredJsonConverter{T}"/> looks for it.</summary>
    public static readonly ValueConverter<StoredJsonText, string> JsonText =
        new(value => value.Text, value => new StoredJsonText(value));

    // Without comparers changes in place would not be seen, and so not be saved.
    public static readonly ValueComparer<JsonNode?> JsonComparer =
        new((left, right) => StoredValues.AreEqual(left, right), value => StoredValues.GetHashCode(value), value => StoredValues.Copy(value));

    public static readonly ValueComparer<StageMetrics?> MetricsComparer =
        new((left, right) => StoredValues.AreEqual(left, right), value => StoredValues.GetHashCode(value), value => StoredValues.Copy(value));
}

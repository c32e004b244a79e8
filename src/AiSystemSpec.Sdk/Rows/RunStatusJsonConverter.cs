using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiSystemSpec.Sdk;

/// <summary>Writes a <see cref="RunStatus"/> as a plain JSON string.</summary>
internal sealed class RunStatusJsonConverter : JsonConverter<RunStatus>
{
    public override RunStatus Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { } value ? new RunStatus(value) : default;

    public override void Write(Utf8JsonWriter writer, RunStatus value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}

using System.Text.Json.Serialization;

namespace AiSystemSpec.Sdk;

/// <summary>How a file holds rows. All are UTF-8; a byte order mark is passed over.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ImportFormat>))]
public enum ImportFormat
{
    /// <summary>A JSON object a line, as an export writes it, and as <c>row_to_json</c> does; blank lines are passed over.</summary>
    JsonLines,

    /// <summary>One JSON array of objects, as Supabase exports it.</summary>
    Json,

    /// <summary>
    /// Comma-separated, with a line of names, as Supabase exports it and psql's <c>\copy … CSV HEADER</c> does: nothing between two commas is
    /// NULL, two quotes are an empty text.
    /// </summary>
    Csv,
}

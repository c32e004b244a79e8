using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiSystemSpec.Sdk.Cli.Terminal;

namespace AiSystemSpec.Sdk.Cli.Output;

/// <summary>Results for programs.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // read by programs and people, never by a browser
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Gets how a line of many is written.</summary>
    public static JsonSerializerOptions OneLine { get; } = new(Options) { WriteIndented = false };

    public static Task WriteAsync<T>(CliHost host, T value) => host.Out.WriteLineAsync(JsonSerializer.Serialize(value, Options));
}

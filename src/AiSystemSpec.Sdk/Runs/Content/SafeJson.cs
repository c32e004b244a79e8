using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.Json;

namespace AiSystemSpec.Sdk.Runs.Content;

/// <summary>
/// Copies JSON as UTF-8 text at the moment of the call: without recursion, with secrets redacted and its size bounded.
/// </summary>
/// <param name="redactor">What redacts.</param>
/// <param name="isStrict">Whether text that cannot be stored is refused (a direct write) or replaced (a background row).</param>
internal sealed class SafeJson(Redactor redactor, bool isStrict)
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // the text goes into a jsonb column, never into HTML
        MaxDepth = int.MaxValue, // the nodes' depth is measured, not the writer's
        SkipValidation = true,
    };

    [ThreadStatic]
    private static Workspace? _workspace;

    /// <summary>Copies one value of a column; null (SQL NULL) for none.</summary>
    /// <exception cref="ArgumentException">The strict way, and the value cannot be stored.</exception>
    public byte[]? Copy(JsonNode? node, string argumentName) =>
        node is null ? null : Copy(argumentName, (Node: node, Self: this), static (writer, state) => state.Self.NewWalk(writer).Write(state.Node), out _);

    /// <summary>Copies what <paramref name="write"/> writes, which returns the depth of what it wrote.</summary>
    public byte[] Copy<TState>(string argumentName, TState state, Func<Utf8JsonWriter, TState, int> write, out bool isCut)
    {
        isCut = false;
        var workspace = _workspace ?? new Workspace(Options);
        _workspace = null; // a value's own converter might come here again
        try
        {
            var depth = write(workspace.Writer, state);
            workspace.Writer.Flush();
            isCut = IsTooDeep(depth) || workspace.Buffer.IsOverLimit;
            return isCut ? CutMarker(workspace.Buffer.Count) : workspace.Buffer.Kept.ToArray();
        }
        catch (Exception exception) when (isStrict)
        {
            throw new ArgumentException($"The JSON cannot be stored: {exception.Message}", argumentName, exception);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or NotSupportedException or JsonException)
        {
            isCut = true;
            return CutMarker(workspace.Buffer.Count); // an object of the host's that cannot be serialised must not fail the row
        }
        finally
        {
            workspace.Clear();
            _workspace = workspace;
        }
    }

    public JsonWalk NewWalk(Utf8JsonWriter writer) => new(writer, redactor, isStrict);

    private static byte[] CutMarker(long bytes) =>
        System.Text.Encoding.UTF8.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $$"""{"{{ContentLimits.CutKey}}":true,"{{ContentLimits.CutBytesKey}}":{{bytes}}}"""));

    private bool IsTooDeep(int depth)
    {
        if (depth > StoredJson.MaxDepth && isStrict)
        {
            throw new JsonException($"It is nested {depth} levels deep, and {StoredJson.MaxDepth} can be written. Flatten it, or store it elsewhere and refer to it.");
        }

        return depth > StoredJson.MaxDepth;
    }

    /// <summary>One thread's writer and buffer, used again for each value.</summary>
    private sealed class Workspace
    {
        public Workspace(JsonWriterOptions options) => Writer = new Utf8JsonWriter(Buffer, options);

        public CountingBuffer Buffer { get; } = new(ContentLimits.JsonBytes);

        public Utf8JsonWriter Writer { get; }

        public void Clear()
        {
            Writer.Reset();
            Buffer.Clear();
        }
    }
}

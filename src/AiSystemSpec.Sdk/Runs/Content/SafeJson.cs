using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.Json;

namespace AiSystemSpec.Sdk.Runs.Content;

/// <summary>
/// Copies JSON as UTF-8 text at the moment of the call: without recursion, with secrets redacted and its size bounded.
/// </summary>
/// <param name="text">What redacts.</param>
/// <param name="isStrict">Whether text that cannot be stored is refused (a direct write) or replaced (a background row).</param>
internal sealed class SafeJson(JsonText text, bool isStrict)
{
    public static readonly JsonWriterOptions Options = new()
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
        node is null ? null : Copy(argumentName, node, static (_, walk, root) => walk.Write(root), out _);

    /// <summary>Copies what <paramref name="write"/> writes.</summary>
    public byte[] Copy<TState>(string argumentName, TState state, Action<Utf8JsonWriter, JsonWalk, TState> write, out bool isCut)
    {
        isCut = false;
        var workspace = _workspace ?? new Workspace(Options);
        _workspace = null; // a value's own converter might come here again
        try
        {
            workspace.Walk.Begin(text, isStrict, text.NewSearchTime());
            write(workspace.Writer, workspace.Walk, state);
            ThrowIfTooDeep(workspace.Walk.Depth);
            isCut = workspace.Walk.IsBeyond;
            if (isCut)
            {
                return CutMarker(workspace.Walk.Bytes);
            }

            workspace.Writer.Flush();
            return workspace.Buffer.Kept.ToArray();
        }
        catch (Exception exception) when (isStrict)
        {
            throw new ArgumentException($"The JSON cannot be stored: {exception.Message}", argumentName, exception);
        }
        catch (Exception)
        {
            isCut = true;
            return CutMarker(workspace.Walk.Bytes); // whatever the host's objects do must not fail the row
        }
        finally
        {
            workspace.Clear();
            _workspace = workspace;
        }
    }

    private static byte[] CutMarker(long bytes) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"{{ContentLimits.CutKey}}":true,"{{ContentLimits.CutBytesKey}}":{{bytes}}}"""));

    private void ThrowIfTooDeep(int depth)
    {
        if (depth > StoredJson.MaxDepth && isStrict)
        {
            throw new JsonException($"It is nested {depth} levels deep, and {StoredJson.MaxDepth} can be written. Flatten it, or store it elsewhere and refer to it.");
        }
    }

    /// <summary>One thread's writer and buffer, used again for each value.</summary>
    private sealed class Workspace
    {
        public Workspace(JsonWriterOptions options)
        {
            Writer = new Utf8JsonWriter(Buffer, options);
            Walk = new JsonWalk(Writer);
        }

        public CountingBuffer Buffer { get; } = new(ContentLimits.JsonBytes);

        public Utf8JsonWriter Writer { get; }

        public JsonWalk Walk { get; }

        public void Clear()
        {
            Walk.End();
            Writer.Reset();
            Buffer.Clear();
        }
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.Json;
using AiSystemSpec.Sdk.Runs.Secrets;

namespace AiSystemSpec.Sdk.Runs.Content;

/// <summary>
/// Writes JSON node by node on a stack of its own: a stack overflow by deep nesting cannot be caught. Secrets are redacted by their name or
/// their form on the way. From its limits on a value is only counted, and only so far: it will be cut. Used again for each value.
/// </summary>
internal sealed class JsonWalk(Utf8JsonWriter writer)
{
    // What is cut is not walked to its end, however large it is.
    private const int MostNodesBeyond = 200_000;

    private readonly JsonStrings _strings = new(writer);
    private JsonFrame[] _open = new JsonFrame[8];
    private bool _isStrict;
    private int _depth;
    private int _deepest;
    private int _beyond;
    private bool _isInObject;
    private string? _last;

    /// <summary>Gets how many bytes were written, and counted beyond the limit.</summary>
    public long Bytes => writer.BytesCommitted + writer.BytesPending + _strings.Counted;

    /// <summary>Gets how deep the value is: 0 for a plain one.</summary>
    public int Depth => _isInObject ? _deepest + 1 : _deepest;

    public bool IsBeyond => Depth > StoredJson.MaxDepth || Bytes > ContentLimits.JsonBytes;

    /// <summary>Gets whether a secret was found.</summary>
    public bool HasRedacted => _strings.HasRedacted;

    public void Begin(JsonText text, bool isStrict, SearchTime? time)
    {
        _strings.Begin(text, isStrict, time);
        _isStrict = isStrict;
        (_depth, _deepest, _beyond, _isInObject, _last) = (0, 0, 0, false, null);
    }

    public void End()
    {
        Array.Clear(_open); // the host's nodes are not held
        _strings.End();
        _last = null;
        if (_open.Length > StoredJson.MaxDepth)
        {
            _open = new JsonFrame[8];
        }
    }

    /// <summary>Writes a property of an object that the caller opened.</summary>
    public void WriteProperty(string name, JsonNode? value)
    {
        _isInObject = true;
        _strings.WriteName(name, IsBeyond);
        WriteWhole(value, new JsonSecret(SecretNames.KindOf(name)));
    }

    public void Write(JsonNode? root) => WriteWhole(root, secret: default);

    private void WriteWhole(JsonNode? root, JsonSecret secret)
    {
        WriteNode(root, secret);
        while (_depth > 0)
        {
            ref var frame = ref _open[_depth - 1];
            if (IsBeyond && _beyond++ > MostNodesBeyond)
            {
                _depth = 0;
                return;
            }

            if (TryMoveNext(ref frame, out var name, out var child))
            {
                WriteChild(ref frame, name, child);
                continue;
            }

            frame.WriteEnd(writer);
            _depth--;
            _last = null;
        }
    }

    private void WriteChild(ref JsonFrame frame, string? name, JsonNode? child)
    {
        if (name is not null)
        {
            _strings.WriteName(name, IsBeyond);
        }

        WriteNode(child, SecretOf(frame, name, child));
    }

    private JsonSecret SecretOf(in JsonFrame frame, string? name, JsonNode? child)
    {
        try
        {
            return JsonSecrets.Of(frame, name, child, _last);
        }
        catch (Exception) when (!_isStrict)
        {
            return new JsonSecret(SecretKind.None, IsWithin: true); // what stands beside it changes meanwhile: in doubt it is one
        }
    }

    private void WriteNode(JsonNode? node, JsonSecret secret)
    {
        try
        {
            if (node is JsonValue value)
            {
                if (JsonLeaf.TryGetText(value, out var text))
                {
                    WriteText(text, secret);
                    return;
                }

                if (!JsonLeaf.IsPlain(value, out text))
                {
                    node = text is null || _isStrict ? JsonLeaf.Parse(value) : JsonValue.Create(text);
                }
            }

            if (node is JsonObject or JsonArray)
            {
                Open(node, secret);
            }
            else
            {
                WriteLeaf(node, secret);
            }
        }
        catch (Exception exception) when (!_isStrict)
        {
            writer.WriteStringValue(JsonLeaf.Unreadable(exception)); // an object of the host's that cannot be read must not fail the row
        }
    }

    private void Open(JsonNode node, JsonSecret secret)
    {
        var frame = new JsonFrame(node, secret);
        frame.WriteStart(writer);
        if (_depth == _open.Length)
        {
            Array.Resize(ref _open, 2 * _open.Length);
        }

        _open[_depth++] = frame;
        _deepest = Math.Max(_deepest, _depth);
    }

    private bool TryMoveNext(ref JsonFrame frame, out string? name, out JsonNode? child)
    {
        try
        {
            return frame.TryMoveNext(out name, out child);
        }
        catch (Exception exception) when (!_isStrict && frame.Break())
        {
            (name, child) = (frame.IsArray ? null : ContentLimits.CutKey, JsonLeaf.Unreadable(exception)); // changed by another thread meanwhile
            return true;
        }
    }

    private void WriteLeaf(JsonNode? node, JsonSecret secret)
    {
        _last = null;
        if (node is null)
        {
            writer.WriteNullValue();
        }
        else if (JsonLeaf.TryGetText(node.AsValue(), out var text))
        {
            WriteText(text, secret);
        }
        else if (secret.Kind == SecretKind.Password && node.GetValueKind() == JsonValueKind.Number)
        {
            _strings.WriteMark();
        }
        else
        {
            node.WriteTo(writer);
        }
    }

    private void WriteText(string text, JsonSecret secret)
    {
        _last = text;
        _strings.Write(text, secret, IsBeyond);
    }
}

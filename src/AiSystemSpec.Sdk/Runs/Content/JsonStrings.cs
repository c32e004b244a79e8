using System.Text;
using System.Text.Json;
using AiSystemSpec.Sdk.Runs.Secrets;
using AiSystemSpec.Sdk.Text;

namespace AiSystemSpec.Sdk.Runs.Content;

/// <summary>
/// Writes the texts and names of one JSON value: storable, and with their secrets redacted. What will be cut is counted only.
/// </summary>
internal sealed class JsonStrings(Utf8JsonWriter writer)
{
    private JsonText _text = null!;
    private SearchTime? _time;
    private bool _isStrict;

    /// <summary>Gets whether a secret was found.</summary>
    public bool HasRedacted { get; private set; }

    /// <summary>Gets how many bytes were counted and not written.</summary>
    public long Counted { get; private set; }

    public void Begin(JsonText text, bool isStrict, SearchTime? time) =>
        (_text, _isStrict, _time, HasRedacted, Counted) = (text, isStrict, time, false, 0);

    public void End() => (_text, _time) = (null!, null);

    public void Write(string text, JsonSecret secret, bool isCut)
    {
        if (isCut || text.Length > ContentLimits.JsonBytes)
        {
            Count(text);
        }
        else if (secret.IsMeant(text))
        {
            WriteMark();
        }
        else
        {
            text = Storable(text);
            writer.WriteStringValue(Noted(text, secret.IsRunId ? _text.RedactName(text) : _text.Redact(text, _time)));
        }
    }

    public void WriteMark()
    {
        HasRedacted = true;
        writer.WriteStringValue(Redactor.Mark);
    }

    public void WriteName(string name, bool isCut)
    {
        if (isCut || name.Length > ContentLimits.JsonBytes)
        {
            Count(name);
            writer.WritePropertyName("");
            return;
        }

        name = Storable(name);
        writer.WritePropertyName(Noted(name, _text.Redact(name, _time)));
    }

    private void Count(string text)
    {
        if (_isStrict)
        {
            StoredText.ThrowIfInvalid(text, "JSON");
        }

        Counted += Encoding.UTF8.GetByteCount(text) + 2; // and its quotes
    }

    private string Noted(string text, string redacted)
    {
        HasRedacted |= !ReferenceEquals(text, redacted);
        return redacted;
    }

    private string Storable(string text)
    {
        if (!_isStrict)
        {
            return SafeText.Replace(text);
        }

        StoredText.ThrowIfInvalid(text, "JSON");
        return text;
    }
}

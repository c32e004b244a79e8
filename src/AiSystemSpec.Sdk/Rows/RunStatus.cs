using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace AiSystemSpec.Sdk;

/// <summary>
/// How an attempt at a stage ended: one of the schema's four words, compared ordinally.
/// Any other text can be read and filtered by, since other programs write it, but is refused on writing.
/// </summary>
[JsonConverter(typeof(RunStatusJsonConverter))]
public readonly record struct RunStatus : IParsable<RunStatus>
{
    private readonly string? _value;

    /// <summary>Initializes a status from its text as it stands in the database, kept as it is.</summary>
    /// <param name="value">The text; any is taken.</param>
    /// <exception cref="ArgumentNullException"><paramref name="value"/> is null.</exception>
    public RunStatus(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _value = value;
    }

    /// <summary>Gets the status of an attempt that did its work.</summary>
    public static RunStatus Success { get; } = new("success");

    /// <summary>Gets the status of an attempt that failed and is not tried again.</summary>
    public static RunStatus Failure { get; } = new("failure");

    /// <summary>Gets the status of an attempt that failed and is tried again.</summary>
    public static RunStatus Retry { get; } = new("retry");

    /// <summary>Gets the status of a stage that had nothing to do, as after a cache hit.</summary>
    public static RunStatus Skipped { get; } = new("skipped");

    /// <summary>Gets the text; never null, and empty for <see langword="default"/>.</summary>
    public string Value => _value ?? "";

    /// <summary>Gets whether this is one of the schema's four, the only ones that are written.</summary>
    public bool IsKnown => Value is "success" or "failure" or "retry" or "skipped";

    /// <inheritdoc />
    public static RunStatus Parse(string s, IFormatProvider? provider) => new(s);

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RunStatus result)
    {
        result = s is null ? default : new RunStatus(s);
        return s is not null;
    }

    /// <summary>Compares ordinally.</summary>
    /// <param name="other">The status to compare with.</param>
    /// <returns>Whether both have the same text.</returns>
    public bool Equals(RunStatus other) => string.Equals(Value, other.Value, StringComparison.Ordinal);

    /// <inheritdoc />
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Value);

    /// <summary>Returns <see cref="Value"/>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Value;
}

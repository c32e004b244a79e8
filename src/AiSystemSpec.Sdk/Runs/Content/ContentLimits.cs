namespace AiSystemSpec.Sdk.Runs.Content;

/// <summary>How much of a row's free content is kept. Bytes are of UTF-8.</summary>
internal static class ContentLimits
{
    /// <summary>The most bytes of an error summary, a run's id and a stage's name.</summary>
    public const int TextBytes = 2 * 1_024;

    /// <summary>Ends a text that was cut, inside its limit.</summary>
    public const string CutMark = "…[cut]";

    /// <summary>The most bytes of one JSON column's text.</summary>
    public const int JsonBytes = 64 * 1_024;

    /// <summary>Says, in JSON, that something was cut.</summary>
    public const string CutKey = "_cut";

    /// <summary>Says, in JSON, how many bytes it had.</summary>
    public const string CutBytesKey = "_bytes";
}

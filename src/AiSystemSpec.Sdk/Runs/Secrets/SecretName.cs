namespace AiSystemSpec.Sdk.Runs.Secrets;

/// <summary>A name that was found in text before a separator.</summary>
/// <param name="Kind">What it says of its value.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="IsQuoted">Whether it stands in quotes.</param>
/// <param name="Before">The sign before it; a line's end at the text's beginning.</param>
/// <param name="IsCapitalised">Whether it is written as a sentence's first word is.</param>
internal readonly record struct SecretName(SecretKind Kind, int Start, bool IsQuoted, char Before, bool IsCapitalised);

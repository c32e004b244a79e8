namespace AiSystemSpec.Sdk.Cli.Output;

/// <summary>The sixteen colours that every terminal has, as its owner chose them.</summary>
internal static class Colors
{
    private const string Reset = "\u001b[0m";

    public static string Paint(string text, Tone tone) => Code(tone) is { } code ? $"\u001b[{code}m{text}{Reset}" : text;

    private static string? Code(Tone tone) => tone switch
    {
        Tone.Good => "32",
        Tone.Bad => "31",
        Tone.Warning => "33",
        Tone.Quiet => "2",
        Tone.Title => "1",
        _ => null,
    };
}

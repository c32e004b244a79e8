namespace AiSystemSpec.Sdk.Cli.Output;

/// <summary>What a cell's colour says again, on a terminal; the words say it without.</summary>
internal enum Tone
{
    Plain,
    Good,
    Bad,
    Warning,
    Quiet,
    Title,
}

namespace AiSystemSpec.Sdk.Cli.Output;

/// <summary>A column of a table.</summary>
/// <param name="Title">Its title, in capitals.</param>
/// <param name="IsNumber">Whether the values stand to the right and are never cut: numbers, and moments.</param>
internal sealed record Column(string Title, bool IsNumber = false)
{
    /// <summary>The widest column in a pipe, so that one odd value does not widen every line; exact values are in JSON.</summary>
    public const int WidestInPipe = 120;

    /// <summary>The narrowest that a column of words is cut to.</summary>
    public const int NarrowestCut = 8;

    /// <summary>Gets the order in which columns are left out where a terminal is too narrow for all: the highest first; 0 stays.</summary>
    public int Spare { get; init; }

    public static implicit operator Column(string title) => new(title);
}

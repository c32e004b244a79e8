using System.Globalization;
using System.Text;

namespace AiSystemSpec.Sdk.Scripts.Comparing;

/// <summary>Writes compared lines as <c>diff -u</c> does.</summary>
internal static class UnifiedText
{
    private const int Context = 3;

    public static string Write(Script from, Script to, IReadOnlyList<LineDifference> lines)
    {
        var text = new StringBuilder();
        _ = text.Append("--- ").Append(NameOf(from)).Append('\n').Append("+++ ").Append(NameOf(to)).Append('\n');
        foreach (var (start, end) in Hunks(lines))
        {
            WriteHunk(text, lines, start, end);
        }

        return text.ToString();
    }

    /// <summary>The stretches of lines with a change, and three lines round them; those that touch are one.</summary>
    private static List<(int Start, int End)> Hunks(IReadOnlyList<LineDifference> lines)
    {
        var hunks = new List<(int Start, int End)>();
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].Kind != ScriptChangeKind.Unchanged)
            {
                var (start, end) = (Math.Max(0, i - Context), Math.Min(lines.Count, i + Context + 1));
                if (hunks.Count > 0 && hunks[^1].End >= start)
                {
                    hunks[^1] = (hunks[^1].Start, end);
                }
                else
                {
                    hunks.Add((start, end));
                }
            }
        }

        return hunks;
    }

    private static void WriteHunk(StringBuilder text, IReadOnlyList<LineDifference> lines, int start, int end)
    {
        var hunk = lines.Skip(start).Take(end - start).ToList();
        var from = Range(lines.Take(start).Count(line => line.FromLine is not null), hunk.Count(line => line.FromLine is not null));
        var to = Range(lines.Take(start).Count(line => line.ToLine is not null), hunk.Count(line => line.ToLine is not null));
        _ = text.Append(CultureInfo.InvariantCulture, $"@@ -{from} +{to} @@\n");
        foreach (var line in hunk)
        {
            _ = text.Append(line.Kind switch { ScriptChangeKind.Removed => '-', ScriptChangeKind.Added => '+', _ => ' ' }).Append(line.Text).Append('\n');
        }
    }

    private static string Range(int before, int count) => count switch
    {
        0 => string.Create(CultureInfo.InvariantCulture, $"{before},0"),
        1 => string.Create(CultureInfo.InvariantCulture, $"{before + 1}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{before + 1},{count}"),
    };

    private static string NameOf(Script script) =>
        script.CreatedAt is { } moment ? string.Create(CultureInfo.InvariantCulture, $"{script.Id}\t{moment.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z") : script.Id.ToString();
}

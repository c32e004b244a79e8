using System.Text.RegularExpressions;

namespace ContentPipeline.Input;

/// <summary>Collects lines into paragraphs: a blank line ends one, a list marker begins one.</summary>
internal sealed partial class ParagraphList
{
    private readonly List<string> _paragraphs = [];
    private readonly List<string> _lines = [];

    public void Add(string line)
    {
        var text = Marker().Match(line);
        if (string.IsNullOrWhiteSpace(line) || text.Groups["item"].Success)
        {
            End();
        }

        if (!string.IsNullOrWhiteSpace(line))
        {
            _lines.Add(line[text.Length..]);
        }
    }

    public void End()
    {
        if (_lines.Count > 0)
        {
            _paragraphs.Add(string.Join('\n', _lines));
            _lines.Clear();
        }
    }

    /// <summary>Takes back the line before, which turned out to be a heading; null where a paragraph ended before.</summary>
    public string? TakeLastLine()
    {
        if (_lines.Count == 0)
        {
            return null;
        }

        var last = _lines[^1];
        _lines.RemoveAt(_lines.Count - 1);
        End();
        return last;
    }

    public IReadOnlyList<string> All()
    {
        End();
        return _paragraphs;
    }

    [GeneratedRegex(@"^\s*(>\s?)*(?<item>([-*+]|\d{1,9}[.)])\s+)?", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Marker();
}

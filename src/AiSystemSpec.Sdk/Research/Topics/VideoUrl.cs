using System.Text.RegularExpressions;

namespace AiSystemSpec.Sdk.Research.Topics;

/// <summary>Finds the id in a video's address.</summary>
internal static partial class VideoUrl
{
    private const int MaxLength = 2_048;

    /// <summary>Reads the id; null where the text is no address of a video that is known.</summary>
    public static string? TryReadId(string text)
    {
        if (text.Length > MaxLength || text.Contains(' ', StringComparison.Ordinal))
        {
            return null;
        }

        foreach (var pattern in (ReadOnlySpan<Regex>)[YouTube(), Vimeo(), TikTok(), Dailymotion()])
        {
            if (pattern.Match(text) is { Success: true } match)
            {
                return match.Groups["id"].Value;
            }
        }

        return null;
    }

    // watch?v=ID with other parameters in any order, youtu.be/ID, and /shorts/, /live/, /embed/, /v/ on any of its hosts.
    [GeneratedRegex(
        @"^(https?://)?((www|m|music)\.)?(youtu\.be/|youtube(-nocookie)?\.com/(watch/?\?(([^#]*&)?v=)|(shorts|live|embed|v|e)/))(?<id>[A-Za-z0-9_-]{11})(?![A-Za-z0-9_-])",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex YouTube();

    [GeneratedRegex(
        @"^(https?://)?(www\.)?(player\.)?vimeo\.com/(video/|channels/[^/]+/|groups/[^/]+/videos/)?(?<id>\d{5,})(?!\d)",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Vimeo();

    [GeneratedRegex(
        @"^(https?://)?((www|m)\.)?tiktok\.com/@[^/]+/video/(?<id>\d{5,})(?!\d)",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex TikTok();

    [GeneratedRegex(
        @"^(https?://)?(www\.)?(dailymotion\.com/(embed/)?video|dai\.ly)/(?<id>[A-Za-z0-9]{5,})(?![A-Za-z0-9])",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Dailymotion();
}

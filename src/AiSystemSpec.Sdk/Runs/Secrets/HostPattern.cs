using System.Text.RegularExpressions;

namespace AiSystemSpec.Sdk.Runs.Secrets;

/// <summary>
/// A pattern that the host added, made safe to run on any text: without a time limit of its own it is built again as one that never goes
/// back in the text, or, where it has what such patterns cannot have, with a time limit.
/// </summary>
internal sealed class HostPattern
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);

    private readonly Regex _regex;

    public HostPattern(Regex regex) => _regex = Bounded(regex);

    /// <summary>Finds what matches; the search for one match is bounded, and so is the search for all.</summary>
    /// <returns>Whether the text was searched to its end.</returns>
    public bool Find(string text, SearchTime time, ref SecretRanges found)
    {
        time.Start();
        try
        {
            foreach (var match in _regex.EnumerateMatches(text))
            {
                found.Add(text, match.Index, match.Index + match.Length);
                if (time.IsOver)
                {
                    return false;
                }
            }

            return !time.IsOver;
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
        finally
        {
            time.Stop();
        }
    }

    private static Regex Bounded(Regex regex)
    {
        if (regex.MatchTimeout != Regex.InfiniteMatchTimeout && regex.MatchTimeout <= Limit)
        {
            return regex;
        }

        try
        {
            return new Regex(regex.ToString(), (regex.Options & ~RegexOptions.Compiled) | RegexOptions.NonBacktracking, Limit);
        }
        catch (Exception exception) when (exception is NotSupportedException or ArgumentException)
        {
            return new Regex(regex.ToString(), regex.Options, Limit); // it looks around or refers back
        }
    }
}

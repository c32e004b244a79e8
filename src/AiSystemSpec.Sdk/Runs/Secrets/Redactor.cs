using System.Text.RegularExpressions;

namespace AiSystemSpec.Sdk.Runs.Secrets;

/// <summary>
/// Takes secrets out of text before it is stored or spooled: the well-known forms, and what the host adds. Takes no longer than the
/// text's length warrants.
/// </summary>
internal sealed class Redactor(IEnumerable<Regex> additional)
{
    public const string Mark = "[redacted]";

    /// <summary>How every mark begins.</summary>
    public const string MarkStart = "[redacted";

    /// <summary>Stands for a text that could not be searched in time, and might hold a secret.</summary>
    public const string NotSearched = "[redacted: it could not be searched in time]";

    public const int LongestMark = 48;

    private const int MostRounds = 4;

    private readonly HostPattern[] _additional = [.. additional.Select(pattern => new HostPattern(pattern))];

    /// <summary>Gets how long the host's patterns may take from now; null where there are none.</summary>
    public SearchTime? NewSearchTime() => _additional.Length == 0 ? null : new SearchTime(TimeProvider.System);

    /// <summary>A text with each secret replaced by a mark.</summary>
    public string Redact(string text, SearchTime? time) => Redact(text, isTold: false, time);

    /// <summary>
    /// The same of a run's id or a stage's name, where a mark says which secret it stands for: two ids never become one. Until there is
    /// nothing left to redact, so that what is read and asked for again stays as it is.
    /// </summary>
    public string RedactName(string text)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            var redacted = Redact(text, isTold: true, NewSearchTime());
            if (ReferenceEquals(redacted, text))
            {
                break;
            }

            text = redacted;
        }

        return text;
    }

    private string Redact(string text, bool isTold, SearchTime? time)
    {
        var found = default(SecretRanges);
        return Find(text, time, ref found)
            ? found.IsEmpty ? text : found.Replace(text, isTold)
            : isTold ? SecretRanges.MarkOf(text) : NotSearched;
    }

    private bool Find(string text, SearchTime? time, ref SecretRanges found)
    {
        var isMarked = NamedSecrets.MayBeIn(text);
        try
        {
            IssuedKeys.Find(text, ref found);
            if (isMarked)
            {
                IssuedKeys.FindPrivate(text, ref found);
            }
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }

        if (isMarked)
        {
            NamedSecrets.Find(text, ref found);
            NamedSecrets.FindOptions(text, ref found);
        }

        HttpCredentials.Find(text, ref found);
        foreach (var pattern in _additional)
        {
            if (time!.IsOver || !pattern.Find(text, time, ref found))
            {
                return false;
            }
        }

        return true;
    }
}

using System.Security.Cryptography;
using System.Text;

namespace AiSystemSpec.Sdk.Runs.Secrets;

/// <summary>Where the secrets of one text are. All rules look at the text as it came, so that none meets what another made of it.</summary>
internal struct SecretRanges
{
    private List<(int Start, int End)>? _found;

    public readonly bool IsEmpty => _found is null;

    /// <summary>Notes a secret; what is redacted already, wholly or as its beginning, is none.</summary>
    public void Add(ReadOnlySpan<char> text, int start, int end)
    {
        if (start < end && !IsRedacted(text, start, end))
        {
            (_found ??= []).Add((start, end));
        }
    }

    /// <summary>The text with a mark in each secret's place.</summary>
    /// <param name="text">The text in which they were found.</param>
    /// <param name="isTold">Whether a mark tells its secret from others by the beginning of its hash.</param>
    public readonly string Replace(string text, bool isTold)
    {
        _found!.Sort();
        var result = new StringBuilder(text.Length);
        var at = 0;
        for (var next = 0; next < _found.Count;)
        {
            var (start, end) = _found[next++];
            while (next < _found.Count && _found[next].Start <= end)
            {
                end = Math.Max(end, _found[next++].End);
            }

            _ = result.Append(text, at, start - at).Append(isTold ? MarkOf(text.AsSpan(start, end - start)) : Redactor.Mark);
            at = end;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

    public static string MarkOf(ReadOnlySpan<char> secret)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(secret)];
        _ = Encoding.UTF8.GetBytes(secret, bytes);
        return $"{Redactor.MarkStart}:{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 4))}]";
    }

    private static bool IsRedacted(ReadOnlySpan<char> text, int start, int end)
    {
        var from = Math.Max(0, start - Redactor.LongestMark);
        var mark = text[from..Math.Min(text.Length, start + Redactor.MarkStart.Length)].LastIndexOf(Redactor.MarkStart);
        var close = mark < 0 ? -1 : text[(from + mark)..].IndexOf(']');
        return close >= 0 && from + mark + close >= end - 1;
    }
}

using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Runs.Secrets;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Runs.Content;

/// <summary>
/// What is stored for a run's id or a stage's name: a secret in it is replaced by a mark of its own, and a long one is cut behind a mark
/// of its own, so that two never become one. Whoever reads by an id maps it alike.
/// </summary>
internal sealed class SafeNames(Redactor redactor, ILogger logger)
{
    // Longer than every name that is kept, so that a secret at the cut is recognised.
    private const int SearchedLength = 16 * 1_024;

    // Runs and stages come again and again, and looking for secrets costs more than all else that is done to a row.
    private const int RememberedNames = 16;
    private const int RememberedLength = 256;

    private static readonly int MarkLength = CutMarkOf("").Length;

    private readonly Mapped?[] _remembered = new Mapped?[RememberedNames];
    private int _isLogged;

    /// <summary>The name as it is stored; says once in the log that one held a secret.</summary>
    public string Store(string name)
    {
        var stored = Map(name, out var isRedacted);
        if (isRedacted && Interlocked.Exchange(ref _isLogged, 1) == 0)
        {
            Log.SecretInName(logger);
        }

        return stored;
    }

    /// <summary>Keeps no more of a name than is needed to map it; the same again for what it returned.</summary>
    public static string Bound(string name)
    {
        if (name.Length <= SearchedLength + MarkLength)
        {
            return name;
        }

        var length = char.IsHighSurrogate(name[SearchedLength - 1]) ? SearchedLength - 1 : SearchedLength;
        return string.Concat(name.AsSpan(0, length), CutMarkOf(name));
    }

    /// <summary>The name as it is stored, and whether a secret in it is replaced.</summary>
    public string Map(string name, out bool isRedacted)
    {
        if (name.Length > RememberedLength)
        {
            return MapAnew(name, out isRedacted);
        }

        ref var place = ref _remembered[(uint)name.GetHashCode(StringComparison.Ordinal) % RememberedNames];
        if (Volatile.Read(ref place) is { } known && string.Equals(known.Name, name, StringComparison.Ordinal))
        {
            isRedacted = known.IsRedacted;
            return known.Stored;
        }

        var stored = MapAnew(name, out isRedacted);
        Volatile.Write(ref place, new Mapped(name, stored, isRedacted));
        return stored;
    }

    private string MapAnew(string name, out bool isRedacted)
    {
        var bounded = Bound(name);
        var safe = redactor.RedactName(SafeText.Replace(bounded));
        isRedacted = !ReferenceEquals(safe, bounded) && safe.Contains(Redactor.MarkStart, StringComparison.Ordinal) && !bounded.Contains(Redactor.MarkStart, StringComparison.Ordinal);
        return SafeText.IsLonger(safe, ContentLimits.TextBytes) ? SafeText.Cut(safe, ContentLimits.TextBytes, CutMarkOf(safe)) : safe;
    }

    /// <summary>Ends a name that was cut, and tells it from others that begin alike.</summary>
    private static string CutMarkOf(string name)
    {
        var hash = SHA256.HashData(MemoryMarshal.AsBytes(name.AsSpan()));
        return $"…[{Convert.ToHexStringLower(hash.AsSpan(0, 8))}]{ContentLimits.CutMark}";
    }

    private sealed record Mapped(string Name, string Stored, bool IsRedacted);
}

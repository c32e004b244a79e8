using System.Text.RegularExpressions;

namespace AiSystemSpec.Sdk.Migrations.Verification;

/// <summary>
/// Tells which expressions of a found database may be evaluated: those that are made of a few harmless functions of PostgreSQL's own.
/// Whoever owns a table may have put a function of theirs into it, and whoever verifies may be a superuser.
/// </summary>
internal static partial class SafeExpression
{
    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        "now", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "current_timestamp", "localtimestamp", "timezone", "date_trunc", "to_timestamp",
        "date_part", "extract", "make_interval", "make_timestamptz", "make_timestamp", "make_date", "timestamp", "timestamptz", "coalesce", "greatest", "least",
        "lower", "upper", "btrim", "ltrim", "rtrim", "length", "char_length", "left", "right", "any", "all", "array", "and", "or", "not", "in", "when", "then", "else", "varying", "character",
    };

    /// <param name="expression">
    /// As the server prints it where the <c>search_path</c> is <c>pg_catalog</c>: whatever is not its own is qualified.
    /// </param>
    public static bool MayEvaluate(string expression)
    {
        var bare = Literals().Replace(expression, "''");
        return !Escapes().IsMatch(expression) && !bare.Contains('"', StringComparison.Ordinal) && !Qualified().IsMatch(bare)
            && Calls().Matches(bare).All(call => Known.Contains(call.Groups["name"].Value));
    }

    [GeneratedRegex("'(?:[^']|'')*'", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Literals();

    [GeneratedRegex(@"\b[EU]&?'", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1_000)]
    private static partial Regex Escapes();

    [GeneratedRegex(@"[A-Za-z_]\w*\s*\.", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Qualified();

    [GeneratedRegex(@"(?<name>[A-Za-z_]\w*)\s*\(", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Calls();
}

using System.Text.RegularExpressions;

namespace AiSystemSpec.Sdk.Cli.Output;

/// <summary>What a statement makes or drops, in an operator's words.</summary>
internal static partial class StepTitle
{
    /// <returns>The words; null for a statement that only prepares or records something.</returns>
    public static string? Of(string sql)
    {
        if (sql.StartsWith("DROP INDEX CONCURRENTLY IF EXISTS", StringComparison.Ordinal))
        {
            return null; // before a build: what a broken one left, and mostly nothing
        }

        var match = Made().Match(sql);
        return match.Success ? $"{match.Groups["kind"].Value.ToLowerInvariant()} {match.Groups["name"].Value}" : null;
    }

    /// <summary>What a transaction makes: all that its statements make, or what it records.</summary>
    public static string OfTransaction(string migrationId, IReadOnlyList<string> statements)
    {
        var made = statements.Select(Of).OfType<string>().ToList();
        if (made.Count > 0)
        {
            return made.TrueForAll(title => title.StartsWith("table ", StringComparison.Ordinal)) && made.Count > 1
                ? $"tables {string.Join(", ", made.Select(title => title["table ".Length..]))}"
                : string.Join(", ", made);
        }

        return statements.Any(sql => sql.StartsWith("DELETE FROM ai_system_spec.", StringComparison.Ordinal)) ? $"take back {migrationId}" : $"record {migrationId}";
    }

    [GeneratedRegex(
        @"^\s*CREATE\s+(?:UNIQUE\s+)?(?<kind>TABLE|INDEX|EXTENSION|SCHEMA)\s+(?:CONCURRENTLY\s+)?(?:IF\s+NOT\s+EXISTS\s+)?(?<name>[\w.""]+)",
        RegexOptions.ExplicitCapture,
        1_000)]
    private static partial Regex Made();
}

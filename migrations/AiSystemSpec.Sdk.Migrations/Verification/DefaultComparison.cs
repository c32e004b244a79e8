using System.Globalization;
using AiSystemSpec.Sdk.Migrations.Catalog;
using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.Verification;

/// <summary>
/// Compares a column's default; that of <c>created_at</c> by its value, since a freshness is computed from it, and not by its text.
/// </summary>
internal static class DefaultComparison
{
    private const double MostSeconds = 60;

    // As far from each other as zones are: what depends on the session's is far off in one of them.
    private static readonly string[] Zones = ["Asia/Tokyo", "America/Los_Angeles"];

    public static async Task<SchemaFinding?> CompareAsync(FoundTable table, FoundColumn found, CanonicalColumn expected, Probe probe)
    {
        if (string.Equals(found.Default, expected.Default, StringComparison.Ordinal) || found.Generated is not ' ')
        {
            return null;
        }

        var subject = $"{table.QualifiedName}.{found.Name}";
        var mend = $"ALTER TABLE {table.QualifiedName} ALTER COLUMN {found.Name} SET DEFAULT {expected.Default};";
        if (expected.Default is null)
        {
            return new(FindingSeverity.Compatible, subject, $"default {found.Default}", "no default", fixSql: null);
        }

        if (found.Default is null)
        {
            return new(FindingSeverity.Error, subject, "no default", $"default {expected.Default}", mend);
        }

        var finding = new SchemaFinding { Severity = FindingSeverity.Compatible, Subject = subject, Found = $"default {found.Default}", Expected = $"default {expected.Default}; another one is fine", FixSql = null };
        return expected.Name is Schema.Columns.CreatedAt && string.Equals(found.Type, expected.Type, StringComparison.Ordinal)
            ? await JudgeAsync(finding with { Expected = $"default {expected.Default}" }, table, found.Default, mend, probe).ConfigureAwait(false)
            : finding;
    }

    private static async Task<SchemaFinding> JudgeAsync(
        SchemaFinding finding, FoundTable table, string expression, string mend, Probe probe)
    {
        if (await FindSecondsOffAsync(expression, zone: null, probe).ConfigureAwait(false) is not { } here)
        {
            return finding with
            {
                Severity = FindingSeverity.Warning,
                Found = $"{finding.Found}, whose value was not looked at: it calls other functions than those of PostgreSQL's that tell the time",
                Advice = "Does it give the moment at which a row is written? If not, SET DEFAULT now().",
                Query = "SELECT a.attname, pg_catalog.pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attrdef d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum "
                    + $"WHERE d.adrelid = '{table.QualifiedName}'::pg_catalog.regclass;",
            };
        }

        if (here > MostSeconds)
        {
            return finding with { Severity = FindingSeverity.Error, Found = $"{finding.Found}, which is {Say(here)} from now, so that rows seem to be of another age", FixSql = mend };
        }

        foreach (var zone in Zones)
        {
            if (await FindSecondsOffAsync(expression, zone, probe).ConfigureAwait(false) is { } there && there > MostSeconds)
            {
                return finding with
                {
                    Severity = FindingSeverity.Warning,
                    Found = $"{finding.Found}, which is right in this session's time zone alone: {Say(there)} from now in one of {zone}",
                    FixSql = mend,
                };
            }
        }

        return finding with { Expected = $"{finding.Expected}; another one that gives the moment is fine" };
    }

    private static async Task<double?> FindSecondsOffAsync(string expression, string? zone, Probe probe)
    {
        if (!SafeExpression.MayEvaluate(expression))
        {
            return null;
        }

        var (rows, error) = await probe.ReadAsync(
            $"SELECT pg_catalog.abs(extract(epoch FROM ({expression})::pg_catalog.timestamptz) - extract(epoch FROM pg_catalog.now()))::pg_catalog.float8",
            reader => reader.IsDBNull(0) ? double.PositiveInfinity : reader.GetDouble(0),
            zone is null ? [] : [$"SET LOCAL TimeZone = '{zone}'"]).ConfigureAwait(false);
        return error is null ? rows[0] : null;
    }

    private static string Say(double seconds) => double.IsInfinity(seconds)
        ? "for ever"
        : seconds < TimeSpan.SecondsPerDay ? string.Create(CultureInfo.InvariantCulture, $"{seconds / TimeSpan.SecondsPerHour:0.#} hours") : string.Create(CultureInfo.InvariantCulture, $"{seconds / TimeSpan.SecondsPerDay:0} days");
}

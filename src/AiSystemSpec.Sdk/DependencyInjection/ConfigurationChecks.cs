using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace AiSystemSpec.Sdk.DependencyInjection;

/// <summary>
/// Looks at the section's values before they are bound: the binder's own errors show no right value, and it takes "60" for 60 days.
/// Read without regard to the machine's culture, as the binder reads.
/// </summary>
internal static class ConfigurationChecks
{
    private const string Duration = "Write it as [days.]hours:minutes:seconds, such as";
    private const string Number = "Write a whole number, such as";

    /// <summary>Each key of the section that is a single value but no text, with a right one.</summary>
    public static readonly IReadOnlyDictionary<string, (Func<string, bool> IsRight, string Remedy, string Example)> Values =
        new Dictionary<string, (Func<string, bool>, string, string)>(StringComparer.OrdinalIgnoreCase)
        {
            ["MaxAge"] = (IsDuration, Duration, "7.00:00:00"),
            ["ServeStaleFor"] = (IsDuration, Duration, "2.00:00:00"),
            ["LockWait"] = (IsDuration, Duration, "00:05:00"),
            ["CommandTimeout"] = (IsDuration, Duration, "00:00:30"),
            ["ShutdownTimeout"] = (IsDuration, Duration, "00:00:30"),
            ["DisableHealthChecks"] = (IsSwitch, "Write true or false, such as", "true"),
            ["RunLog:QueueCapacity"] = (IsNumber, Number, "10000"),
            ["RunLog:SpoolMaxBytes"] = (IsNumber, Number, "1073741824"),
            ["RunLog:SpoolFsync"] = (IsSwitch, "Write true or false, such as", "true"),
        };

    public static IReadOnlyList<string> FindFailures(IConfigurationSection section)
    {
        var failures = new List<string>();
        foreach (var (key, (isRight, remedy, example)) in Values)
        {
            if (section[key] is { } text && !isRight(text.Trim()))
            {
                failures.Add($"{section.Path}:{key} in the configuration {Describe(text.Trim())}. {remedy} {example}.");
            }
        }

        return failures;
    }

    // The value itself is not repeated: who puts a secret under the wrong key finds it in no log.
    private static string Describe(string text) => text.Length == 0 ? "is empty"
        : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out _) ? "is a bare number, which .NET takes for days"
        : "cannot be read";

    private static bool IsDuration(string text) =>
        TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var duration) && (text.Contains(':', StringComparison.Ordinal) || duration == TimeSpan.Zero);

    private static bool IsNumber(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    private static bool IsSwitch(string text) => bool.TryParse(text, out _);
}

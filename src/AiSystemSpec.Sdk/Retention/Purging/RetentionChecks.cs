using System.Globalization;

namespace AiSystemSpec.Sdk.Retention.Purging;

/// <summary>What options must satisfy. Each message names the property and the remedy.</summary>
internal static class RetentionChecks
{
    /// <exception cref="ArgumentException">The options contradict themselves.</exception>
    public static void ThrowIfInvalid(PurgeOptions? purge, string argumentName)
    {
        if (purge is { DryRun: true, ExportFile: not null })
        {
            throw new ArgumentException("PurgeOptions.ExportFile does not go with DryRun, which deletes nothing. Leave one of them out.", argumentName);
        }

        if (purge?.ExportFile is { } file && string.IsNullOrWhiteSpace(file))
        {
            throw new ArgumentException("PurgeOptions.ExportFile is blank. Name a file that does not exist yet, or set it to null.", argumentName);
        }
    }

    public static IReadOnlyList<string> FindFailures(RetentionOptions options)
    {
        var failures = new List<string>();
        CheckAge(options.ResearchAge, nameof(options.ResearchAge));
        CheckAge(options.SystemEventAge, nameof(options.SystemEventAge));
        CheckAge(options.ScriptAge, nameof(options.ScriptAge));
        CheckAge(options.RunAge, nameof(options.RunAge));
        foreach (var (status, age) in options.RunAgesByStatus ?? new Dictionary<RunStatus, TimeSpan?>())
        {
            CheckAge(age, $"{nameof(options.RunAgesByStatus)}[{status.Value}]");
        }

        Check(options.RunAgesByStatus is not null, nameof(options.RunAgesByStatus), "null", "an empty dictionary for no ages of their own");
        CheckNumber(options.KeepLatestPerTopic, nameof(options.KeepLatestPerTopic));
        CheckNumber(options.KeepLatestScripts, nameof(options.KeepLatestScripts));
        Check(options.BatchSize is >= 1 and <= RetentionOptions.MaxBatchSize, nameof(options.BatchSize), options.BatchSize, $"1 to {RetentionOptions.MaxBatchSize} rows");
        Check(options.Pause >= TimeSpan.Zero, nameof(options.Pause), options.Pause, "zero (no pause) or more, such as 00:00:00.100");
        Check(options.Interval > TimeSpan.Zero, nameof(options.Interval), options.Interval, "more than zero, such as 01:00:00, the default of 1 hour");
        return failures;

        void CheckAge(TimeSpan? age, string property) => Check(age is not { } set || set > TimeSpan.Zero, property, age, "more than zero, such as 90.00:00:00 for 90 days, or null for no age");

        void CheckNumber(int? number, string property) => Check(number is null or >= 1, property, number, "1 or more, or null for no number");

        void Check(bool isValid, string property, object? value, string remedy)
        {
            if (!isValid)
            {
                failures.Add(string.Create(CultureInfo.InvariantCulture, $"RetentionOptions.{property} is {value}. Set it to {remedy}."));
            }
        }
    }

    public static void ThrowIfInvalid(RetentionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (FindFailures(options) is { Count: > 0 } failures)
        {
            throw new ArgumentException(string.Join(' ', failures), nameof(options));
        }
    }
}

using System.Globalization;
using AiSystemSpec.Sdk.Connections.Settings;
using Microsoft.Extensions.Options;

namespace AiSystemSpec.Sdk.DependencyInjection;

/// <summary>Checks the options at host start, else at first use. Each message names the property and the remedy.</summary>
internal sealed class AiSystemSpecOptionsValidator(string optionsName) : IValidateOptions<AiSystemSpecOptions>
{
    public ValidateOptionsResult Validate(string? name, AiSystemSpecOptions options)
    {
        if (!string.Equals(name, optionsName, StringComparison.Ordinal))
        {
            return ValidateOptionsResult.Skip; // another registration's
        }

        var failures = new List<string>();
        CheckConnection(options, failures);
        CheckDurations(options, failures);
        CheckRunLog(options.RunLog, failures);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void CheckConnection(AiSystemSpecOptions options, List<string> failures)
    {
        const string Where = "AiSystemSpecOptions.ConnectionString (ConnectionStrings:AiSystemSpec in the configuration)";
        if (options.ConnectionString is not { } text || (string.IsNullOrWhiteSpace(text) && options.DataSource is not null))
        {
            return; // an empty variable beside a data source says nothing
        }

        if (options.DataSource is not null)
        {
            failures.Add($"{Where} and AiSystemSpecOptions.DataSource are both set. Set one of them.");
            return;
        }

        try
        {
            _ = ConnectionString.Parse(text, nameof(options.ConnectionString));
        }
        catch (ArgumentException exception)
        {
            failures.Add($"{Where}: {exception.Message}");
        }
    }

    private static void CheckDurations(AiSystemSpecOptions options, List<string> failures)
    {
        Check(options.MaxAge > TimeSpan.Zero, "MaxAge", options.MaxAge, "more than zero, such as 7.00:00:00, the schema's rule of 7 days");
        Check(options.ServeStaleFor >= TimeSpan.Zero, "ServeStaleFor", options.ServeStaleFor, "zero (never serve stale) or more, such as 2.00:00:00 for 2 days");
        Check(options.LockWait >= TimeSpan.Zero, "LockWait", options.LockWait, "zero (do not wait) or more, such as 00:05:00 for 5 minutes");
        Check(options.ShutdownTimeout >= TimeSpan.Zero, "ShutdownTimeout", options.ShutdownTimeout, "zero (do not wait) or more, such as 00:00:30 for 30 seconds");
        Check(options.CommandTimeout is not { } limit || limit > TimeSpan.Zero, "CommandTimeout", options.CommandTimeout, "more than zero, such as 00:00:30 for 30 seconds, or null for the connection string's");

        void Check(bool isValid, string property, TimeSpan? value, string remedy)
        {
            if (!isValid)
            {
                failures.Add(string.Create(CultureInfo.InvariantCulture, $"AiSystemSpecOptions.{property} ({AiSystemSpecOptions.SectionName}:{property} in the configuration) is {value}. Set it to {remedy}."));
            }
        }
    }

    private static void CheckRunLog(RunLogOptions? options, List<string> failures)
    {
        if (options is null)
        {
            failures.Add("AiSystemSpecOptions.RunLog is null. Leave its default, or set its properties.");
            return;
        }

        if (options.QueueCapacity < 1)
        {
            failures.Add($"AiSystemSpecOptions.RunLog.QueueCapacity (AiSystemSpec:RunLog:QueueCapacity in the configuration) is {options.QueueCapacity}. Set it to 1 or more rows, such as 10000.");
        }

        if (options.SpoolMaxBytes < 1)
        {
            failures.Add($"AiSystemSpecOptions.RunLog.SpoolMaxBytes (AiSystemSpec:RunLog:SpoolMaxBytes in the configuration) is {options.SpoolMaxBytes}. Set it to 1 or more bytes, such as 1073741824.");
        }

        if (options.SpoolDirectory is not null && string.IsNullOrWhiteSpace(options.SpoolDirectory))
        {
            failures.Add("AiSystemSpecOptions.RunLog.SpoolDirectory (AiSystemSpec:RunLog:SpoolDirectory in the configuration) is blank. Name a folder, such as /var/lib/app/spool, or leave it null for no spool.");
        }
    }
}

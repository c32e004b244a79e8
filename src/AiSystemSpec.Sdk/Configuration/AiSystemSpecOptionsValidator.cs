using AiSystemSpec.Sdk.Connections;
using Microsoft.Extensions.Options;

namespace AiSystemSpec.Sdk.Configuration;

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
        if (options is { ConnectionString: not null, DataSource: not null })
        {
            failures.Add("AiSystemSpecOptions.ConnectionString and AiSystemSpecOptions.DataSource are both set. Set one of them.");
        }
        else if (options.ConnectionString is { } text)
        {
            try
            {
                _ = ConnectionString.Parse(text, nameof(options.ConnectionString));
            }
            catch (ArgumentException exception)
            {
                failures.Add($"AiSystemSpecOptions.ConnectionString: {exception.Message}");
            }
        }
    }

    private static void CheckDurations(AiSystemSpecOptions options, List<string> failures)
    {
        Check(options.FreshnessWindow > TimeSpan.Zero, "FreshnessWindow", options.FreshnessWindow, "more than zero; the schema's rule is 7 days");
        Check(options.ServeStaleFor >= TimeSpan.Zero, "ServeStaleFor", options.ServeStaleFor, "zero (never serve stale) or more");
        Check(options.LockWait >= TimeSpan.Zero, "LockWait", options.LockWait, "zero (do not wait) or more");
        Check(options.ShutdownTimeout >= TimeSpan.Zero, "ShutdownTimeout", options.ShutdownTimeout, "zero (do not wait) or more");
        Check(options.CommandTimeout is not { } limit || limit > TimeSpan.Zero, "CommandTimeout", options.CommandTimeout, "more than zero, or null for the connection string's");

        void Check(bool isValid, string property, TimeSpan? value, string remedy)
        {
            if (!isValid)
            {
                failures.Add($"AiSystemSpecOptions.{property} is {value}. Set it to {remedy}.");
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
            failures.Add($"AiSystemSpecOptions.RunLog.QueueCapacity is {options.QueueCapacity}. Set it to 1 or more rows.");
        }

        if (options.SpoolMaxBytes < 1)
        {
            failures.Add($"AiSystemSpecOptions.RunLog.SpoolMaxBytes is {options.SpoolMaxBytes}. Set it to 1 or more bytes.");
        }

        if (options.SpoolDirectory is not null && string.IsNullOrWhiteSpace(options.SpoolDirectory))
        {
            failures.Add("AiSystemSpecOptions.RunLog.SpoolDirectory is blank. Name a folder, or leave it null for no spool.");
        }
    }
}

using AiSystemSpec.Sdk.Retention.Purging;
using Microsoft.Extensions.Options;

namespace AiSystemSpec.Sdk.DependencyInjection;

/// <summary>Checks the options at host start.</summary>
internal sealed class RetentionOptionsValidator(string optionsName) : IValidateOptions<RetentionOptions>
{
    public ValidateOptionsResult Validate(string? name, RetentionOptions options) =>
        !string.Equals(name, optionsName, StringComparison.Ordinal) ? ValidateOptionsResult.Skip // another registration's
        : RetentionChecks.FindFailures(options) is { Count: > 0 } failures ? ValidateOptionsResult.Fail(failures)
        : ValidateOptionsResult.Success;
}

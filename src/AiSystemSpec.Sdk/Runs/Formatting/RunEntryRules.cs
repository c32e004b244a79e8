using AiSystemSpec.Sdk.Persistence;

namespace AiSystemSpec.Sdk.Runs.Formatting;

/// <summary>What every row must have, whichever way it comes in.</summary>
internal static class RunEntryRules
{
    public static void ThrowIfBroken(RunLogEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ThrowIfBlank(entry.RunId, nameof(entry.RunId), "the run's stable identifier");
        ThrowIfBlank(entry.Stage, nameof(entry.Stage), "the stage's name");
        CanonicalRules.ThrowIfUnknown(entry.Status, nameof(entry.Status));
        ThrowIfNoAttempt(entry.Attempts, nameof(entry.Attempts));
        ThrowIfEmpty(entry.Id, nameof(entry.Id));
    }

    public static void ThrowIfBroken(string runId, string stage, int attempt)
    {
        ThrowIfBlank(runId, nameof(runId), "the run's stable identifier");
        ThrowIfBlank(stage, nameof(stage), "the stage's name");
        ThrowIfNoAttempt(attempt, nameof(attempt));
    }

    private static void ThrowIfBlank(string? value, string argumentName, string meaning)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            throw value is null
                ? new ArgumentNullException(argumentName, $"{argumentName} is missing. Give {meaning}.")
                : new ArgumentException($"{argumentName} is blank. Give {meaning}.", argumentName);
        }
    }

    private static void ThrowIfEmpty(Guid? id, string argumentName)
    {
        if (id == Guid.Empty)
        {
            throw new ArgumentException("The row's id is Guid.Empty. Give an id of the row's own, or null to have one made.", argumentName);
        }
    }

    private static void ThrowIfNoAttempt(int attempt, string argumentName)
    {
        if (attempt < 1)
        {
            throw new ArgumentOutOfRangeException(argumentName, attempt, "Attempts are numbered from 1.");
        }
    }
}

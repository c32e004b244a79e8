using AiSystemSpec.Sdk.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace AiSystemSpec.Sdk.Persistence;

/// <summary>What the schema's notes ask of a row and no constraint of the table enforces; changed values only.</summary>
internal static class CanonicalRules
{
    public static void ThrowIfViolated(ChangeTracker tracker)
    {
        foreach (var entry in tracker.Entries())
        {
            if (entry.State is EntityState.Added or EntityState.Modified)
            {
                Check(entry);
            }
        }
    }

    /// <summary>Refuses every status but the schema's four.</summary>
    public static void ThrowIfUnknown(RunStatus status, string argumentName)
    {
        if (!status.IsKnown)
        {
            throw new ArgumentException(
                $"The status '{status.Value}' is not one of success, failure, retry, skipped, the only ones that the schema allows. Use RunStatus.Success, Failure, Retry or Skipped.",
                argumentName);
        }
    }

    private static void Check(EntityEntry entry)
    {
        if (entry.Entity is PipelineRun { Status: { } status } && IsWritten(entry, nameof(PipelineRun.Status)))
        {
            ThrowIfUnknown(status, nameof(PipelineRun.Status));
        }

        if (entry.Entity is not (ResearchEntry or Script or PipelineRun))
        {
            return; // a derived context's own tables
        }

        foreach (var property in entry.Properties)
        {
            if (property.CurrentValue is string text && (entry.State == EntityState.Added || property.IsModified))
            {
                StoredText.ThrowIfInvalid(text, property.Metadata.Name);
            }
        }
    }

    private static bool IsWritten(EntityEntry entry, string property) =>
        entry.State == EntityState.Added || entry.Property(property).IsModified;
}

using AiSystemSpec.Sdk.Persistence;
using Microsoft.EntityFrameworkCore;

namespace AiSystemSpec.Sdk;

/// <summary>Maps the three tables into a host's own context.</summary>
public static class AiSystemSpecModelBuilderExtensions
{
    /// <summary>Applies the entity configurations of <c>research_cache</c>, <c>scripts</c> and <c>pipeline_runs</c>.</summary>
    /// <param name="modelBuilder">The host's model builder.</param>
    /// <param name="excludeFromMigrations">
    /// Whether the context's own migrations leave the tables alone; <see langword="true"/> by default,
    /// since the package <c>AiSystemSpec.Sdk.Migrations</c> creates them.
    /// </param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// Statuses are checked by <see cref="AiSystemSpecDbContext"/> only: a host's own context writes what it is given. Call
    /// <see cref="AiSystemSpecDbContextOptionsBuilderExtensions.UseAiSystemSpec(DbContextOptionsBuilder)"/> on the context's options,
    /// too, for LINQ over <see cref="PipelineRun.Metrics"/>, and where the model is compiled.
    /// </remarks>
    public static ModelBuilder ApplyAiSystemSpec(this ModelBuilder modelBuilder, bool excludeFromMigrations = true)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.ApplyConfiguration(new ResearchEntryConfiguration());
        modelBuilder.ApplyConfiguration(new ScriptConfiguration());
        modelBuilder.ApplyConfiguration(new PipelineRunConfiguration());
        if (excludeFromMigrations)
        {
            modelBuilder.Entity<ResearchEntry>().ToTable(table => table.ExcludeFromMigrations());
            modelBuilder.Entity<Script>().ToTable(table => table.ExcludeFromMigrations());
            modelBuilder.Entity<PipelineRun>().ToTable(table => table.ExcludeFromMigrations());
        }

        return modelBuilder;
    }
}

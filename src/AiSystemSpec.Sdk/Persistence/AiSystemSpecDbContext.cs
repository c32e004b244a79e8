using System.Diagnostics.CodeAnalysis;
using AiSystemSpec.Sdk.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace AiSystemSpec.Sdk;

/// <summary>
/// The canonical schema as an EF Core model: three tables, exactly as the schema defines them.
/// Hosts get one from the registered <see cref="IDbContextFactory{TContext}"/> for LINQ of their own.
/// </summary>
/// <remarks>
/// Saving refuses, before anything is sent, what the schema's notes do not allow: a status other than the four
/// (changed values only, so that a row that was read as <c>warning</c> can still be updated) and text that PostgreSQL cannot hold.
/// </remarks>
public class AiSystemSpecDbContext : DbContext
{
    private const string NotForTrimmed =
        "What stands on EF Core is named in the README as not for trimmed and native programs, where EF Core throws. The cache and the run logger never make a context.";

    /// <summary>Initializes the context.</summary>
    /// <param name="options">The options, with the Npgsql provider.</param>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = NotForTrimmed)]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = NotForTrimmed)]
    public AiSystemSpecDbContext(DbContextOptions<AiSystemSpecDbContext> options)
        : base(options)
    {
    }

    /// <summary>Initializes a derived context.</summary>
    /// <param name="options">The options, with the Npgsql provider.</param>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = NotForTrimmed)]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = NotForTrimmed)]
    protected AiSystemSpecDbContext(DbContextOptions options)
        : base(options)
    {
    }

    /// <summary>Gets the rows of <c>research_cache</c>, system events included.</summary>
    public DbSet<ResearchEntry> ResearchCache => Set<ResearchEntry>();

    /// <summary>Gets the rows of <c>scripts</c>.</summary>
    public DbSet<Script> Scripts => Set<Script>();

    /// <summary>Gets the rows of <c>pipeline_runs</c>.</summary>
    public DbSet<PipelineRun> PipelineRuns => Set<PipelineRun>();

    /// <inheritdoc />
    /// <exception cref="ArgumentException">A changed value is one that the schema does not allow.</exception>
    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        CanonicalRules.ThrowIfViolated(ChangeTracker);
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    /// <inheritdoc />
    /// <exception cref="ArgumentException">A changed value is one that the schema does not allow.</exception>
    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        CanonicalRules.ThrowIfViolated(ChangeTracker);
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    /// <inheritdoc />
    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder)
    {
        // A pooled context may not change its options: its host calls UseAiSystemSpec.
        if (optionsBuilder.Options.FindExtension<CoreOptionsExtension>()?.MaxPoolSize is null)
        {
            _ = optionsBuilder.UseAiSystemSpec();
        }
    }

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.ApplyAiSystemSpec(excludeFromMigrations: false);
}

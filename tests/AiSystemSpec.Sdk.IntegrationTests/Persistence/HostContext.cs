using Microsoft.EntityFrameworkCore;

namespace AiSystemSpec.Sdk.IntegrationTests.Persistence;

/// <summary>A host's own context, with a table of its own beside the three.</summary>
internal sealed class HostContext(DbContextOptions<HostContext> options) : DbContext(options)
{
    public DbSet<PipelineRun> Runs => Set<PipelineRun>();

    public DbSet<Script> Scripts => Set<Script>();

    public DbSet<ResearchEntry> Research => Set<ResearchEntry>();

    public static HostContext Over(string connectionString, bool useAiSystemSpec = true)
    {
        var options = new DbContextOptionsBuilder<HostContext>().UseNpgsql(connectionString);
        return new HostContext(useAiSystemSpec ? options.UseAiSystemSpec().Options : options.Options);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        _ = modelBuilder.ApplyAiSystemSpec();
        _ = modelBuilder.Entity<Note>();
    }

    [System.ComponentModel.DataAnnotations.Schema.Table("notes")]
    private sealed class Note
    {
        public int Id { get; set; }
    }
}

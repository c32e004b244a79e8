using AiSystemSpec.Sdk.Persistence.Mapping;
using AiSystemSpec.Sdk.Specification;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiSystemSpec.Sdk.Persistence;

internal sealed class PipelineRunConfiguration : IEntityTypeConfiguration<PipelineRun>
{
    public void Configure(EntityTypeBuilder<PipelineRun> builder)
    {
        builder.HasKey(run => run.Id).HasName($"{Schema.PipelineRuns}{Schema.KeySuffix}");

        builder.Property(run => run.Id).IsCanonicalId();
        builder.Property(run => run.RunId).HasColumnName(Schema.Columns.RunId).HasColumnType(Schema.Types.Text);
        builder.Property(run => run.Stage).HasColumnName(Schema.Columns.Stage).HasColumnType(Schema.Types.Text);
        builder.Property(run => run.Status).HasColumnName(Schema.Columns.Status).HasColumnType(Schema.Types.Text)
            .HasConversion(StoredTypeConverters.Status);
        builder.Property(run => run.Attempts).HasColumnName(Schema.Columns.Attempts).HasColumnType(Schema.Types.Int)
            .Metadata.SetTypeMapping(StoredAttemptsTypeMapping.Default);
        // Read as text, so that no JSON that another program wrote can fail a query (depth, types).
        builder.Property(run => run.InputRefs).HasColumnName(Schema.Columns.InputRefs)
            .IsJsonText(typeof(StoredRefsConverter), StoredTypeConverters.Json, StoredTypeConverters.JsonComparer);
        builder.Property(run => run.OutputRefs).HasColumnName(Schema.Columns.OutputRefs)
            .IsJsonText(typeof(StoredRefsConverter), StoredTypeConverters.Json, StoredTypeConverters.JsonComparer);
        builder.Property(run => run.ErrorSummary).HasColumnName(Schema.Columns.ErrorSummary).HasColumnType(Schema.Types.Text);
        builder.Property(run => run.Metrics).HasColumnName(Schema.Columns.Metrics)
            .IsJsonText(typeof(StoredMetricsConverter), StoredTypeConverters.Metrics, StoredTypeConverters.MetricsComparer);
        builder.Property(run => run.CreatedAt).IsCanonicalCreatedAt();

        builder.ToTable(Schema.PipelineRuns, Schema.Name);
    }
}

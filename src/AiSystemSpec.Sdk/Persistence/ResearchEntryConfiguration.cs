using AiSystemSpec.Sdk.Specification;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiSystemSpec.Sdk.Persistence;

internal sealed class ResearchEntryConfiguration : IEntityTypeConfiguration<ResearchEntry>
{
    public void Configure(EntityTypeBuilder<ResearchEntry> builder)
    {
        builder.HasKey(entry => entry.Id).HasName($"{Schema.ResearchCache}{Schema.KeySuffix}");

        builder.Property(entry => entry.Id).IsCanonicalId();
        builder.Property(entry => entry.Topic).HasColumnName(Schema.Columns.Topic).HasColumnType(Schema.Types.Text).IsRequired();
        builder.Property(entry => entry.Content).HasColumnName(Schema.Columns.Content).HasColumnType(Schema.Types.Text);
        builder.Property(entry => entry.CreatedAt).IsCanonicalCreatedAt();

        builder.ToTable(Schema.ResearchCache, Schema.Name);
    }
}

using AiSystemSpec.Sdk.Specification;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiSystemSpec.Sdk.Persistence;

internal sealed class ScriptConfiguration : IEntityTypeConfiguration<Script>
{
    public void Configure(EntityTypeBuilder<Script> builder)
    {
        builder.HasKey(script => script.Id).HasName($"{Schema.Scripts}{Schema.KeySuffix}");

        builder.Property(script => script.Id).IsCanonicalId();
        builder.Property(script => script.Content).HasColumnName(Schema.Columns.Content).HasColumnType(Schema.Types.Text);
        builder.Property(script => script.CreatedAt).IsCanonicalCreatedAt();

        builder.ToTable(Schema.Scripts, Schema.Name);
    }
}

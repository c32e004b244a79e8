using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiSystemSpec.Sdk.Persistence;

/// <summary>The two columns that all three tables share.</summary>
internal static class CanonicalPropertyExtensions
{
    public static void IsCanonicalId(this PropertyBuilder<Guid> property) => property
        .HasColumnName(Schema.Columns.Id)
        .HasColumnType(Schema.Types.Uuid)
        .HasDefaultValueSql(Schema.Defaults.Id)
        .ValueGeneratedOnAdd();

    public static void IsCanonicalCreatedAt(this PropertyBuilder<DateTimeOffset?> property) => property
        .HasColumnName(Schema.Columns.CreatedAt)
        .HasColumnType(Schema.Types.TimestampTz)
        .HasDefaultValueSql(Schema.Defaults.CreatedAt)
        .ValueGeneratedOnAdd()
        .HasConversion(StoredTypeConverters.Timestamp);
}

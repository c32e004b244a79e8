using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AiSystemSpec.Sdk.Persistence;

/// <summary>The two columns that all three tables share, and those of JSON.</summary>
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
        .Metadata.SetTypeMapping(StoredTimestampTypeMapping.Default);

    public static void IsJsonText<T>(this PropertyBuilder<T> property, ValueConverter converter, ValueComparer comparer) => property
        .HasColumnType(Schema.Types.Jsonb)
        .HasConversion(converter, comparer)
        .Metadata.SetTypeMapping(StoredJsonTypeMapping.Default.WithComposedConverter(converter, comparer));
}

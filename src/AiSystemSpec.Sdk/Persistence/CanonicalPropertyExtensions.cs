using AiSystemSpec.Sdk.Specification;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AiSystemSpec.Sdk.Persistence;

/// <summary>The two columns that all three tables share, and those of JSON.</summary>
internal static class CanonicalPropertyExtensions
{
    // EF Core's name of the annotation, by which its generated code makes a converter with new; its constant is internal API.
    private const string ValueConverterType = "ValueConverterType";

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

    // The model's own converter goes with the mapping that the model brings. A compiled model brings none, and makes the strict
    // converter, by its type's
    // name, which refuses any mapping but the SDK's.
    public static void IsJsonText<T>(
        this PropertyBuilder<T> property, Type strictConverter, ValueConverter converter, ValueComparer comparer)
    {
        property.HasColumnType(Schema.Types.Jsonb).HasConversion(converter, comparer);
        property.Metadata.SetTypeMapping(StoredJsonTypeMapping.Default.WithComposedConverter(converter, comparer));
        property.Metadata.SetAnnotation(ValueConverterType, strictConverter);
    }
}

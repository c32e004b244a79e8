using AiSystemSpec.Sdk.Persistence.Mapping;
using AiSystemSpec.Sdk.Specification;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiSystemSpec.Sdk.Persistence.Translation;

/// <summary>
/// Finds the mappings of <c>created_at</c> and of the JSON columns where the model does not bring them: what <c>dotnet ef dbcontext
/// optimize</c> generates keeps a column's type and its converter, but no mapping.
/// </summary>
internal sealed class CompiledModelMappings : IRelationalTypeMappingSourcePlugin
{
    private static readonly RelationalTypeMapping JsonText =
        (RelationalTypeMapping)StoredJsonTypeMapping.Default.WithComposedConverter(StoredTypeConverters.JsonText);

    public RelationalTypeMapping? FindMapping(in RelationalTypeMappingInfo mappingInfo) =>
        mappingInfo.ClrType == typeof(StoredJsonText) ? JsonText
        : mappingInfo.ClrType == typeof(DateTimeOffset)
            && string.Equals(mappingInfo.StoreTypeName, Schema.Types.TimestampTz, StringComparison.Ordinal) ? StoredTimestampTypeMapping.Default
        : null;
}

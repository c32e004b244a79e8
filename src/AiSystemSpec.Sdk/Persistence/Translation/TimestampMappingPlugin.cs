using Microsoft.EntityFrameworkCore.Storage;

namespace AiSystemSpec.Sdk.Persistence.Translation;

/// <summary>
/// Finds the mapping of <c>created_at</c> where the model does not bring it: what <c>dotnet ef dbcontext optimize</c> generates keeps the column's
/// type, but no mapping.
/// </summary>
internal sealed class TimestampMappingPlugin : IRelationalTypeMappingSourcePlugin
{
    public RelationalTypeMapping? FindMapping(in RelationalTypeMappingInfo mappingInfo) =>
        mappingInfo.ClrType == typeof(DateTimeOffset)
        && string.Equals(mappingInfo.StoreTypeName, Schema.Types.TimestampTz, StringComparison.Ordinal)
            ? StoredTimestampTypeMapping.Default
            : null;
}

using AiSystemSpec.Sdk.Specification;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql.EntityFrameworkCore.PostgreSQL.Storage.Internal.Mapping;
using NpgsqlTypes;

namespace AiSystemSpec.Sdk.Persistence.Translation;

/// <summary>
/// A <c>timestamptz</c> as the microseconds that the server keeps, in parameters and results alike: exact whatever the year.
/// </summary>
internal sealed class MicrosecondsTypeMapping : NpgsqlTypeMapping
{
    public static readonly MicrosecondsTypeMapping Instance = new();

    private MicrosecondsTypeMapping()
        : base(Schema.Types.TimestampTz, typeof(long), NpgsqlDbType.TimestampTz)
    {
    }

    private MicrosecondsTypeMapping(RelationalTypeMappingParameters parameters)
        : base(parameters, NpgsqlDbType.TimestampTz)
    {
    }

    protected override RelationalTypeMapping Clone(RelationalTypeMappingParameters parameters) => new MicrosecondsTypeMapping(parameters);
}

using System.ComponentModel;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql.EntityFrameworkCore.PostgreSQL.Storage.Internal.Mapping;
using NpgsqlTypes;

namespace AiSystemSpec.Sdk;

/// <summary>
/// How the model reads and writes the <c>jsonb</c> columns: as text. It is not the provider's own mapping of JSON, which would take a
/// property of <see cref="StageMetrics"/> for a key of the same spelling, find none, and count nothing. Public for the code that
/// <c>dotnet ef dbcontext optimize</c> generates; nothing for hosts to call.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class StoredJsonTypeMapping : NpgsqlTypeMapping
{
    private StoredJsonTypeMapping()
        : base("jsonb", typeof(string), NpgsqlDbType.Jsonb)
    {
    }

    private StoredJsonTypeMapping(RelationalTypeMappingParameters parameters)
        : base(parameters, NpgsqlDbType.Jsonb)
    {
    }

    /// <summary>Gets the mapping of JSON text, from which EF Core makes that of a property.</summary>
    public static StoredJsonTypeMapping Default { get; } = new();

    /// <inheritdoc />
    protected override RelationalTypeMapping Clone(RelationalTypeMappingParameters parameters) => new StoredJsonTypeMapping(parameters);

    /// <inheritdoc />
    protected override string GenerateNonNullSqlLiteral(object value) =>
        $"'{((string)value).Replace("'", "''", StringComparison.Ordinal)}'";
}

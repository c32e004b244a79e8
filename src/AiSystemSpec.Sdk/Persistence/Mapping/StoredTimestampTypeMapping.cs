using System.ComponentModel;
using System.Data.Common;
using System.Linq.Expressions;
using System.Reflection;
using AiSystemSpec.Sdk.Specification;
using AiSystemSpec.Sdk.Wire;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql.EntityFrameworkCore.PostgreSQL.Storage.Internal.Mapping;

namespace AiSystemSpec.Sdk;

/// <summary>
/// How the model reads and writes <c>created_at</c>: whatever moment the server holds is read, one outside of .NET's years as the nearest
/// that .NET has. Public for the code that <c>dotnet ef dbcontext optimize</c> generates; nothing for hosts to call.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class StoredTimestampTypeMapping : NpgsqlTimestampTzTypeMapping
{
    private static readonly MethodInfo ReadMethod = typeof(DbDataReader).GetMethod(nameof(DbDataReader.GetInt64))!;

    private static readonly MethodInfo ConvertMethod = ((Func<long, DateTimeOffset>)WireMoments.FromMicroseconds).Method;

    private StoredTimestampTypeMapping()
        : base(typeof(DateTimeOffset))
    {
    }

    private StoredTimestampTypeMapping(RelationalTypeMappingParameters parameters)
        : base(parameters)
    {
    }

    /// <summary>Gets the mapping, from which EF Core makes that of a property.</summary>
    public static new StoredTimestampTypeMapping Default { get; } = new();

    /// <inheritdoc />
    public override MethodInfo GetDataReaderMethod() => ReadMethod;

    /// <inheritdoc />
    public override Expression CustomizeDataReaderExpression(Expression expression) => Expression.Call(ConvertMethod, expression);

    /// <inheritdoc />
    protected override RelationalTypeMapping Clone(RelationalTypeMappingParameters parameters) =>
        new StoredTimestampTypeMapping(parameters);

    /// <inheritdoc />
    protected override void ConfigureParameter(DbParameter parameter)
    {
        base.ConfigureParameter(parameter);
        if (parameter.Value is DateTimeOffset value)
        {
            parameter.Value = Timestamps.Normalize(value);
        }
    }

    /// <inheritdoc />
    protected override string GenerateNonNullSqlLiteral(object value)
    {
        // The standard's words for the type are grammar; timestamptz is a name, and a search_path may lead to another of that name.
        var literal = base.GenerateNonNullSqlLiteral(value is DateTimeOffset moment ? Timestamps.Normalize(moment) : value);
        return literal.Replace("TIMESTAMPTZ '", "TIMESTAMP WITH TIME ZONE '", StringComparison.Ordinal);
    }
}

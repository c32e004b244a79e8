using System.ComponentModel;
using System.Data.Common;
using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using AiSystemSpec.Sdk.Specification;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiSystemSpec.Sdk;

/// <summary>
/// How the model reads <c>attempts</c>: also where another program made the column <c>bigint</c>, a number beyond <see cref="int"/> as
/// the nearest that it has. Public for the code that <c>dotnet ef dbcontext optimize</c> generates; nothing for hosts to call.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class StoredAttemptsTypeMapping : IntTypeMapping
{
    // Whatever the column is: a slim builder of a host's data source reads no integer as a bigint.
    private static readonly MethodInfo ReadMethod = typeof(DbDataReader).GetMethod(nameof(DbDataReader.GetValue))!;

    private static readonly MethodInfo ClampMethod = ((Func<object, int>)Clamp).Method;

    private StoredAttemptsTypeMapping()
        : base(Schema.Types.Int, System.Data.DbType.Int32)
    {
    }

    private StoredAttemptsTypeMapping(RelationalTypeMappingParameters parameters)
        : base(parameters)
    {
    }

    /// <summary>Gets the mapping, from which EF Core makes that of a property.</summary>
    public static new StoredAttemptsTypeMapping Default { get; } = new();

    /// <inheritdoc />
    public override MethodInfo GetDataReaderMethod() => ReadMethod;

    /// <inheritdoc />
    public override Expression CustomizeDataReaderExpression(Expression expression) => Expression.Call(ClampMethod, expression);

    /// <inheritdoc />
    protected override RelationalTypeMapping Clone(RelationalTypeMappingParameters parameters) => new StoredAttemptsTypeMapping(parameters);

    private static int Clamp(object value) =>
        value is int number ? number : (int)Math.Clamp(Convert.ToInt64(value, CultureInfo.InvariantCulture), int.MinValue, int.MaxValue);
}

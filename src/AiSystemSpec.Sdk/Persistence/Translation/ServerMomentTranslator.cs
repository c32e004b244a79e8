using System.Reflection;
using AiSystemSpec.Sdk.Persistence.Mapping;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;

namespace AiSystemSpec.Sdk.Persistence.Translation;

/// <summary>Translates <see cref="ServerMoment"/> to the column itself, read and compared in the server's own unit.</summary>
internal sealed class ServerMomentTranslator : IMethodCallTranslator
{
    public SqlExpression? Translate(
        SqlExpression? instance, MethodInfo method, IReadOnlyList<SqlExpression> arguments, IDiagnosticsLogger<DbLoggerCategory.Query> logger) =>
        method.DeclaringType == typeof(ServerMoment) && arguments is [ColumnExpression column]
            ? new ColumnExpression(column.Name, column.TableAlias, typeof(long), MicrosecondsTypeMapping.Instance, column.IsNullable)
            : null;
}

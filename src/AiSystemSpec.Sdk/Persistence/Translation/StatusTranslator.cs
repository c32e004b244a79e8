using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiSystemSpec.Sdk.Persistence.Translation;

/// <summary>
/// Translates <see cref="RunStatus.Value"/> to the text, and <see cref="RunStatus.IsKnown"/> to a comparison with the four.
/// </summary>
internal sealed class StatusTranslator(ISqlExpressionFactory sql, IRelationalTypeMappingSource mappings) : IMemberTranslator
{
    public SqlExpression? Translate(
        SqlExpression? instance, MemberInfo member, Type returnType, IDiagnosticsLogger<DbLoggerCategory.Query> logger)
    {
        if (instance is not ColumnExpression column || member.DeclaringType != typeof(RunStatus))
        {
            return null;
        }

        return member.Name switch
        {
            nameof(RunStatus.Value) => Text(column),
            nameof(RunStatus.IsKnown) => sql.In(
                Text(column),
                [.. new[] { RunStatus.Success, RunStatus.Failure, RunStatus.Retry, RunStatus.Skipped }.Select(status => sql.Constant(status.Value))]),
            _ => null,
        };
    }

    // The column as it is: a cast to text would name a type.
    private ColumnExpression Text(ColumnExpression status) =>
        new(status.Name, status.TableAlias, typeof(string), mappings.FindMapping(typeof(string)), status.IsNullable);
}

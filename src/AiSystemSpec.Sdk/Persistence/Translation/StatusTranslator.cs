using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;

namespace AiSystemSpec.Sdk.Persistence.Translation;

/// <summary>Translates <see cref="RunStatus.Value"/> to the text, and <see cref="RunStatus.IsKnown"/> to a comparison with the four.</summary>
internal sealed class StatusTranslator(ISqlExpressionFactory sql) : IMemberTranslator
{
    public SqlExpression? Translate(
        SqlExpression? instance, MemberInfo member, Type returnType, IDiagnosticsLogger<DbLoggerCategory.Query> logger)
    {
        if (instance is null || member.DeclaringType != typeof(RunStatus))
        {
            return null;
        }

        return member.Name switch
        {
            nameof(RunStatus.Value) => Text(instance),
            nameof(RunStatus.IsKnown) => sql.In(
                Text(instance),
                [.. new[] { RunStatus.Success, RunStatus.Failure, RunStatus.Retry, RunStatus.Skipped }.Select(status => sql.Constant(status.Value))]),
            _ => null,
        };
    }

    private SqlExpression Text(SqlExpression status) => sql.Convert(status, typeof(string));
}

using System.Reflection;
using AiSystemSpec.Sdk.Rows;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiSystemSpec.Sdk.Persistence.Translation;

/// <summary>
/// Translates the properties of <see cref="StageMetrics"/> to what reading a row makes of them: the schema's word counts where the
/// documented key is absent, and a value that is not of its type counts as none.
/// </summary>
internal sealed class MetricsTranslator(ISqlExpressionFactory sql) : IMemberTranslator
{
    // What a decimal holds: sums of such costs have no more than 28 digits.
    private const int CostScale = 18;

    private const string IsBoolean = "strict $ ? (@ == true || @ == false)";
    private const string IsInt64 = "strict $ ? (@ >= -9223372036854775808 && @ <= 9223372036854775807 && @ == @.floor())";
    private const string IsInt32 = "strict $ ? (@ >= -2147483648 && @ <= 2147483647 && @ == @.floor())";
    private const string IsDecimal = "strict $ ? (@ >= -79228162514264337593543950335 && @ <= 79228162514264337593543950335)";

    public SqlExpression? Translate(
        SqlExpression? instance, MemberInfo member, Type returnType, IDiagnosticsLogger<DbLoggerCategory.Query> logger)
    {
        if (instance is null || member.DeclaringType != typeof(StageMetrics))
        {
            return null;
        }

        return member.Name switch
        {
            nameof(StageMetrics.LatencyMs) => Read<long>(Either(instance, MetricKeys.LatencyMs, MetricKeys.Latency), IsInt64),
            nameof(StageMetrics.Tokens) => Read<long>(Field(instance, MetricKeys.Tokens), IsInt64),
            nameof(StageMetrics.CostUsd) => Rounded(Read<decimal>(Either(instance, MetricKeys.CostUsd, MetricKeys.Cost), IsDecimal)),
            nameof(StageMetrics.CacheHit) => Read<bool>(Field(instance, MetricKeys.CacheHit), IsBoolean),
            nameof(StageMetrics.RetryCount) => Read<int>(Field(instance, MetricKeys.RetryCount), IsInt32),
            _ => null,
        };
    }

    /// <summary>The value of a key that is there, JSON null included; else of the other.</summary>
    private SqlExpression Either(SqlExpression metrics, string key, string schemasWord) =>
        sql.Coalesce(Field(metrics, key), Field(metrics, schemasWord));

    private SqlExpression Field(SqlExpression metrics, string key) =>
        Function("jsonb_object_field", [metrics, sql.Constant(key)], propagatesNull: false, typeof(string), StoredJsonTypeMapping.Default);

    private SqlExpression Read<T>(SqlExpression json, string condition) =>
        sql.Convert(
            Function(
                "jsonb_path_query_first",
                [json, sql.Constant(condition)],
                propagatesNull: false,
                typeof(string),
                StoredJsonTypeMapping.Default),
            typeof(T));

    private SqlExpression Rounded(SqlExpression cost) =>
        Function(
            "trim_scale",
            [Function("round", [cost, sql.Constant(CostScale)], propagatesNull: true, typeof(decimal))],
            propagatesNull: true,
            typeof(decimal));

    // Where a value is not of its type, the result is NULL though the argument is not.
    private SqlExpression Function(
        string name, SqlExpression[] arguments, bool propagatesNull, Type type, RelationalTypeMapping? mapping = null) =>
        sql.Function("pg_catalog", name, arguments, nullable: true, arguments.Select(_ => propagatesNull), type, mapping);
}

using System.Reflection;
using System.Text.Json.Nodes;
using AiSystemSpec.Sdk.Persistence.Mapping;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiSystemSpec.Sdk.Persistence.Translation;

/// <summary>
/// Translates the provider's <c>EF.Functions.JsonContains</c> and its like on refs and metrics: the provider takes only columns of its
/// own mapping of JSON.
/// </summary>
internal sealed class JsonFunctionTranslator(ISqlExpressionFactory sql) : IMethodCallTranslator
{
    private static readonly RelationalTypeMapping Refs =
        (RelationalTypeMapping)StoredJsonTypeMapping.Default.WithComposedConverter(StoredTypeConverters.Json);

    public SqlExpression? Translate(
        SqlExpression? instance, MethodInfo method, IReadOnlyList<SqlExpression> arguments, IDiagnosticsLogger<DbLoggerCategory.Query> logger)
    {
        if (method.DeclaringType != typeof(NpgsqlJsonDbFunctionsExtensions) || !arguments.Any(argument => argument.TypeMapping is StoredJsonTypeMapping))
        {
            return null;
        }

        var values = arguments.Skip(1).ToArray(); // the first is EF.Functions
        return method.Name switch
        {
            nameof(NpgsqlJsonDbFunctionsExtensions.JsonContains) => Call<bool>("jsonb_contains", Json(values[0]), Json(values[1])),
            nameof(NpgsqlJsonDbFunctionsExtensions.JsonContained) => Call<bool>("jsonb_contained", Json(values[0]), Json(values[1])),
            nameof(NpgsqlJsonDbFunctionsExtensions.JsonExists) => Call<bool>("jsonb_exists", values),
            nameof(NpgsqlJsonDbFunctionsExtensions.JsonExistAny) => Call<bool>("jsonb_exists_any", values),
            nameof(NpgsqlJsonDbFunctionsExtensions.JsonExistAll) => Call<bool>("jsonb_exists_all", values),
            nameof(NpgsqlJsonDbFunctionsExtensions.JsonTypeof) => Call<string>("jsonb_typeof", values),
            _ => null,
        };
    }

    private SqlExpression Json(SqlExpression value) => value switch
    {
        { TypeMapping: StoredJsonTypeMapping } => value,
        _ when value.Type == typeof(string) => sql.ApplyTypeMapping(value, StoredJsonTypeMapping.Default),
        _ when typeof(JsonNode).IsAssignableFrom(value.Type) => sql.ApplyTypeMapping(value, Refs),
        _ => value,
    };

    private SqlExpression Call<T>(string function, params SqlExpression[] arguments) => sql.Function(
        "pg_catalog", function, Array.ConvertAll(arguments, sql.ApplyDefaultTypeMapping)!, nullable: true, Array.ConvertAll(arguments, _ => true), typeof(T));
}

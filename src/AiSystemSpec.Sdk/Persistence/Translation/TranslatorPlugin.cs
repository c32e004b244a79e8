using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiSystemSpec.Sdk.Persistence.Translation;

/// <summary>What LINQ over the three tables may say beyond what the provider translates.</summary>
internal sealed class TranslatorPlugin(ISqlExpressionFactory sql, IRelationalTypeMappingSource mappings) : IMemberTranslatorPlugin, IMethodCallTranslatorPlugin
{
    IEnumerable<IMemberTranslator> IMemberTranslatorPlugin.Translators { get; } =
        [new MetricsTranslator(sql), new StatusTranslator(sql, mappings)];

    IEnumerable<IMethodCallTranslator> IMethodCallTranslatorPlugin.Translators { get; } =
        [new ServerMomentTranslator(), new JsonFunctionTranslator(sql)];
}

using Microsoft.EntityFrameworkCore.Query;

namespace AiSystemSpec.Sdk.Persistence.Translation;

/// <summary>What LINQ over the three tables may say beyond what the provider translates.</summary>
internal sealed class TranslatorPlugin(ISqlExpressionFactory sql) : IMemberTranslatorPlugin, IMethodCallTranslatorPlugin
{
    IEnumerable<IMemberTranslator> IMemberTranslatorPlugin.Translators { get; } = [new MetricsTranslator(sql), new StatusTranslator(sql)];

    IEnumerable<IMethodCallTranslator> IMethodCallTranslatorPlugin.Translators { get; } = [new ServerMomentTranslator()];
}

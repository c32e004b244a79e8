using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace AiSystemSpec.Sdk.Persistence.Translation;

/// <summary>Gives a context the translators; nothing in it is configured.</summary>
internal sealed class AiSystemSpecOptionsExtension : IDbContextOptionsExtension
{
    private ExtensionInfo? _info;

    public DbContextOptionsExtensionInfo Info => _info ??= new ExtensionInfo(this);

    public void ApplyServices(IServiceCollection services) => new EntityFrameworkRelationalServicesBuilder(services)
        .TryAdd<IRelationalTypeMappingSourcePlugin, CompiledModelMappings>()
        .TryAdd<IMemberTranslatorPlugin, TranslatorPlugin>()
        .TryAdd<IMethodCallTranslatorPlugin, TranslatorPlugin>();

    public void Validate(IDbContextOptions options)
    {
        // There is nothing to choose.
    }

    private sealed class ExtensionInfo(IDbContextOptionsExtension extension) : DbContextOptionsExtensionInfo(extension)
    {
        public override bool IsDatabaseProvider => false;

        public override string LogFragment => "using AiSystemSpec ";

        public override int GetServiceProviderHashCode() => 0;

        public override bool ShouldUseSameServiceProvider(DbContextOptionsExtensionInfo other) => other is ExtensionInfo;

        public override void PopulateDebugInfo(IDictionary<string, string> debugInfo) => debugInfo["AiSystemSpec"] = "1";
    }
}

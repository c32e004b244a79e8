using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AiSystemSpec.Sdk.DependencyInjection;

/// <summary>Binds the section <c>AiSystemSpec</c> and <c>ConnectionStrings:AiSystemSpec</c> before the host's own delegate runs; a keyed registration binds the section but not the connection.</summary>
internal sealed class ConfigurationBinding(IServiceProvider services, string optionsName, bool bindConnection) : IConfigureNamedOptions<AiSystemSpecOptions>
{
    private const string AllIsKept = "The properties of both types are kept, and those that configuration can set are of simple types.";

    public void Configure(AiSystemSpecOptions options) => Configure(Options.DefaultName, options);

    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(AiSystemSpecOptions))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(RunLogOptions))]
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = AllIsKept)]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = AllIsKept)]
    public void Configure(string? name, AiSystemSpecOptions options)
    {
        if (!string.Equals(name, optionsName, StringComparison.Ordinal) || services.GetService<IConfiguration>() is not { } configuration)
        {
            return;
        }

        var section = configuration.GetSection(AiSystemSpecOptions.SectionName);
        if (ConfigurationChecks.FindFailures(section) is { Count: > 0 } failures)
        {
            throw new OptionsValidationException(optionsName, typeof(AiSystemSpecOptions), failures);
        }

        section.Bind(options);
        options.ConnectionString = bindConnection
            ? options.ConnectionString ?? configuration.GetConnectionString(AiSystemSpecOptions.SectionName)
            : null;
    }
}

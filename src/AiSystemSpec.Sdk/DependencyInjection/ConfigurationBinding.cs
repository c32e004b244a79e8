using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AiSystemSpec.Sdk.DependencyInjection;

/// <summary>
/// Binds the section <c>AiSystemSpec</c> and <c>ConnectionStrings:AiSystemSpec</c> before the host's own delegate runs. A registration
/// with a name of its own in the configuration also binds the section <c>AiSystemSpec:NAME</c>, and has the connection of that name; a
/// keyed one without a name has none from here.
/// </summary>
internal sealed class ConfigurationBinding(IServiceProvider services, Registration registration) : IConfigureNamedOptions<AiSystemSpecOptions>
{
    private const string AllIsKept = "The properties of both types are kept, and those that configuration can set are of simple types.";

    public void Configure(AiSystemSpecOptions options) => Configure(Options.DefaultName, options);

    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(AiSystemSpecOptions))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(RunLogOptions))]
    public void Configure(string? name, AiSystemSpecOptions options)
    {
        if (!string.Equals(name, registration.OptionsName, StringComparison.Ordinal) || services.GetService<IConfiguration>() is not { } configuration)
        {
            return;
        }

        var section = configuration.GetSection(AiSystemSpecOptions.SectionName);
        Bind(section, options);
        var shared = options.ConnectionString;
        if (registration.ConnectionName is not { } own)
        {
            options.ConnectionString = registration.Key is null ? shared ?? configuration.GetConnectionString(AiSystemSpecOptions.SectionName) : null;
            return;
        }

        options.ConnectionString = null; // the section's is another's
        Bind(section.GetSection(own), options);
        options.ConnectionString ??= configuration.GetConnectionString(own);
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = AllIsKept)]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = AllIsKept)]
    private void Bind(IConfigurationSection section, AiSystemSpecOptions options)
    {
        if (ConfigurationChecks.FindFailures(section) is { Count: > 0 } failures)
        {
            throw new OptionsValidationException(registration.OptionsName, typeof(AiSystemSpecOptions), failures);
        }

        section.Bind(options);
    }
}

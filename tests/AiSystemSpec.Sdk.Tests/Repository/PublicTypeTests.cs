using System.Reflection;
using System.Runtime.CompilerServices;
using AiSystemSpec.Sdk.Migrations;
using AiSystemSpec.Sdk.Testing;

namespace AiSystemSpec.Sdk.Tests.Repository;

/// <summary>What hosts see: where public types live, and that hosts do not derive from them.</summary>
public sealed class PublicTypeTests
{
    // A host's own context may derive from it.
    private static readonly Type[] Open = [typeof(AiSystemSpecDbContext)];

    private static readonly Assembly[] Packages = [typeof(IResearchCache).Assembly, typeof(IAiSystemSpecMigrator).Assembly, typeof(EphemeralPostgres).Assembly];

    private static IEnumerable<Type> PublicTypes => Packages.SelectMany(package => package.GetExportedTypes());

    [Fact]
    public void Public_type_is_in_its_packages_namespace()
    {
        var elsewhere = PublicTypes.Where(type =>
            !string.Equals(type.Namespace, type.Assembly.GetName().Name, StringComparison.Ordinal)
            && !(type.Namespace is "Microsoft.Extensions.DependencyInjection" or "Microsoft.Extensions.Hosting" && type.IsDefined(typeof(ExtensionAttribute))));

        Assert.Empty(elsewhere);
    }

    [Fact]
    public void Class_is_sealed()
    {
        var open = Packages.SelectMany(package => package.GetTypes())
            .Where(type => type.IsClass && !type.IsSealed && !type.IsAbstract && !type.IsDefined(typeof(CompilerGeneratedAttribute)))
            .Where(type => type.Namespace is not "AiSystemSpec.Sdk.Migrations.Migrations") // as `dotnet ef` writes them
            .Except(Open);

        Assert.Empty(open);
    }

    [Fact]
    public void Public_type_stands_in_a_file_of_its_own_name()
    {
        var files = SourceTree.Files("*.cs", "src", "migrations").Select(path => Path.GetFileNameWithoutExtension(path)).ToHashSet(StringComparer.Ordinal);
        var names = PublicTypes.Where(type => !type.IsNested).Select(type => type.Name.Split('`')[0]);

        Assert.Empty(names.Except(files, StringComparer.Ordinal));
    }

    [Fact]
    public void Asynchronous_method_ends_with_an_optional_cancellation_token()
    {
        var without = PublicTypes.SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => method.Name.EndsWith("Async", StringComparison.Ordinal) && method.Name is not "DisposeAsync")
            .Where(method => method.GetParameters().LastOrDefault() is not { IsOptional: true } last || last.ParameterType != typeof(CancellationToken));

        Assert.Empty(without.Select(method => $"{method.DeclaringType}.{method.Name}"));
    }
}

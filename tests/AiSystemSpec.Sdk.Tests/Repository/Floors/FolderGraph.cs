using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AiSystemSpec.Sdk.Tests.Repository.Floors;

/// <summary>Which folders of a project's sources name types and members of which others, read from the sources by the compiler.</summary>
internal static class FolderGraph
{
    /// <summary>Lists each use of another folder of the same project, one place for each pair of a file and a type that it uses.</summary>
    /// <param name="root">The folder of the project; sources below it are compiled together.</param>
    /// <param name="linked">Sources of other projects that are compiled with it, and stand on no floor of it.</param>
    public static IReadOnlyList<FolderUse> Read(string root, IReadOnlyList<string> linked)
    {
        var trees = Sources(root).Select(path => Parse(File.ReadAllText(path), Path.GetRelativePath(root, path).Replace('\\', '/'))).ToList();
        var others = linked.SelectMany(Sources).Select(path => Parse(File.ReadAllText(path), path)).ToList();
        var compilation = CSharpCompilation.Create(
            "Floors", [.. trees, .. others, Parse(ImplicitUsings, "")], References(), new(OutputKind.DynamicallyLinkedLibrary));

        var own = trees.ToHashSet();
        return [.. trees.SelectMany(tree => UsesOf(tree, compilation.GetSemanticModel(tree), own)).Distinct()];
    }

    // What the SDK's project files switch on, as a source.
    private const string ImplicitUsings =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(path => !Path.GetRelativePath(folder, path).Split('/', '\\').Any(part => part is "bin" or "obj"));

    private static SyntaxTree Parse(string text, string name) =>
        CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview), name);

    private static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("AiSystemSpec.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));

    private static IEnumerable<FolderUse> UsesOf(SyntaxTree tree, SemanticModel model, HashSet<SyntaxTree> own) =>
        from node in tree.GetRoot().DescendantNodes()
        where node is SimpleNameSyntax or ObjectCreationExpressionSyntax or ImplicitObjectCreationExpressionSyntax
        where !node.Ancestors().Any(ancestor => ancestor is UsingDirectiveSyntax)
        from type in TypesOf(model.GetSymbolInfo(node))
        from declared in type.DeclaringSyntaxReferences.Select(reference => reference.SyntaxTree).Take(1)
        where own.Contains(declared)
        let used = Folder(declared.FilePath)
        where !string.Equals(used, Folder(tree.FilePath), StringComparison.Ordinal)
        select new FolderUse(Folder(tree.FilePath), used, tree.FilePath, type.Name);

    // A name that does not resolve, such as one that a generator makes, counts with whatever it may mean.
    private static IEnumerable<INamedTypeSymbol> TypesOf(SymbolInfo info) =>
        (info.Symbol is { } symbol ? [symbol] : info.CandidateSymbols.AsEnumerable())
            .Select(found => found as INamedTypeSymbol ?? found.ContainingType)
            .Where(type => type is not null)
            .Select(Outermost);

    private static INamedTypeSymbol Outermost(INamedTypeSymbol type)
    {
        while (type.ContainingType is { } outer)
        {
            type = outer;
        }

        return type.OriginalDefinition;
    }

    private static string Folder(string path) => path.LastIndexOf('/') is > 0 and var end ? path[..end] : "";
}

using System.Text.RegularExpressions;

namespace AiSystemSpec.Sdk.Tests.Repository;

/// <summary>What readers meet first stays short and true.</summary>
public sealed partial class DocumentTests
{
    private const int MaxReadmeLines = 120;
    private const int MaxSnippetLines = 20;

    [Fact]
    public void Readme_first_snippet_is_the_quickstart_word_for_word()
    {
        var readme = SourceTree.ReadText("README.md");
        const string Fence = "```csharp\n";
        var start = readme.IndexOf(Fence, StringComparison.Ordinal) + Fence.Length;

        var snippet = readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)];

        Assert.Equal(SourceTree.ReadText("samples/Quickstart/Program.cs"), snippet);
        Assert.InRange(snippet.TrimEnd('\n').Split('\n').Length, 1, MaxSnippetLines);
        Assert.InRange(readme[..start].Split('\n').Length, 1, 20);
    }

    [Fact]
    public void Readme_is_short() => Assert.InRange(SourceTree.ReadLines("README.md").Length, 1, MaxReadmeLines);

    [Fact]
    public void Link_leads_to_a_file()
    {
        var broken =
            from path in SourceTree.Files("*.md")
            where !path.Contains("/Documents/", StringComparison.Ordinal)
            from Match link in Link().Matches(SourceTree.ReadText(path))
            let target = link.Groups["target"].Value
            where !target.Contains("://", StringComparison.Ordinal)
            let file = Path.Combine(Path.GetDirectoryName(path)!, target).Replace('\\', '/')
            where !SourceTree.Exists(file)
            select $"{path} -> {target}";

        Assert.Empty(broken);
    }

    [Fact]
    public void Changelog_says_of_each_release_whether_it_carries_migrations()
    {
        var releases = SourceTree.ReadText("CHANGELOG.md").Split("\n## ").Skip(1).ToList();

        Assert.NotEmpty(releases);
        Assert.All(releases, release => Assert.Contains("migrations", string.Join(' ', release.Split('\n').Skip(1).SkipWhile(string.IsNullOrWhiteSpace).Take(1)), StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\]\((?<target>[^)#\s]+)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Link();
}

using System.Text.RegularExpressions;

namespace AiSystemSpec.Sdk.Tests.Repository;

/// <summary>Rules of the sources that no analyzer of the build holds.</summary>
public sealed partial class SourceTests
{
    private const int MaxLines = 250;

    private static readonly string[] Written = [.. SourceTree.Files("*.cs").Where(path => !path.Contains("/Migrations/Migrations/", StringComparison.Ordinal))];

    [Fact]
    public void File_is_short_enough_to_be_read() =>
        Assert.Equal<string>([], Written.Where(path => !path.StartsWith("tests/", StringComparison.Ordinal) && SourceTree.ReadLines(path).Length > MaxLines));

    [Fact]
    public void Source_has_no_regions_and_no_open_ends() =>
        Assert.Equal<string>([], Written.Where(path => OpenEnd().IsMatch(SourceTree.ReadText(path))));

    [Fact]
    public void Library_never_writes_to_the_console() =>
        Assert.Equal<string>([], SourceTree.Files("*.cs", "src/AiSystemSpec.Sdk", "src/AiSystemSpec.Sdk.Testing", "migrations").Where(path => ConsoleUse().IsMatch(SourceTree.ReadText(path))));

    [Fact]
    public void Folder_never_carries_the_name_of_a_type()
    {
        var sources = SourceTree.Files("*.cs", "src", "migrations").ToList();
        var types = sources.Select(path => Path.GetFileNameWithoutExtension(path)).ToHashSet(StringComparer.Ordinal);
        var folders = sources.SelectMany(path => path.Split('/').SkipLast(1)).Distinct(StringComparer.Ordinal);

        Assert.Equal<string>([], folders.Where(types.Contains));
    }

    [Fact]
    public void Project_file_is_short() =>
        Assert.Equal<string>([], SourceTree.Files("*.csproj").Where(path => SourceTree.ReadLines(path).Length > 40));

    [GeneratedRegex("^[ \t]*#region|//[ \t]*(TO" + "DO|FIX" + "ME|HA" + "CK)", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex OpenEnd();

    [GeneratedRegex(@"\bConsole\.", RegexOptions.NonBacktracking)]
    private static partial Regex ConsoleUse();
}

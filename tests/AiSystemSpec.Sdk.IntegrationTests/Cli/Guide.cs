using System.Globalization;
using System.Text.RegularExpressions;

namespace AiSystemSpec.Sdk.IntegrationTests.Cli;

/// <summary>The commands of the operator's guide, <c>migrations/README.md</c>.</summary>
internal static partial class Guide
{
    private static readonly string Text = File.ReadAllText(Repository.PathOf("migrations", "README.md"));

    /// <summary>The sections that have commands, in order.</summary>
    public static IEnumerable<string> Sections =>
        Text.Split("\n## ").Skip(1).Where(section => section.Contains("```sh", StringComparison.Ordinal)).Select(section => section.Split('\n')[0]);

    /// <summary>A section's commands, as words, and the exit code that the guide says they have.</summary>
    public static List<(string Command, List<string> Words, int Code)> CommandsOf(string section)
    {
        var text = Text.Split($"\n## {section}\n")[1].Split("\n## ")[0];
        return [.. Blocks().Matches(text).SelectMany(block => block.Groups["commands"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(Parse)];
    }

    private static (string Command, List<string> Words, int Code) Parse(string line)
    {
        var parts = line.Split("# exit code ");
        var command = parts[0].Trim();
        var words = Words().Matches(command).Select(word => word.Value.Trim('"')).ToList();
        return (command, words, parts.Length == 1 ? 0 : int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    [GeneratedRegex("```sh\n(?<commands>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Blocks();

    [GeneratedRegex("\"[^\"]*\"|[^ ]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Words();
}

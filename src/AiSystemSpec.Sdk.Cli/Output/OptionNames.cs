using System.Text.RegularExpressions;

namespace AiSystemSpec.Sdk.Cli.Output;

/// <summary>Says in errors what was typed: the API names a property of its options, the command line an option.</summary>
internal static partial class OptionNames
{
    public static string InsteadOfProperties(string message) => Beside().Replace(Properties().Replace(message, match =>
        $"--{Humps().Replace(match.Groups["name"].Value.Replace("DropTables", "DropTable", StringComparison.Ordinal), "-").ToLowerInvariant()}"), "");

    // An error of the API names both; the command line's comes first.
    [GeneratedRegex(@" \((?:\w+ in the options|\w+Async)\)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Beside();

    [GeneratedRegex(@"\b(?:Migrate|Adopt|Rollback|Retention)Options\.(?<name>[A-Z]\w*)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Properties();

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Humps();
}

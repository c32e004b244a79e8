using System.CommandLine;
using System.CommandLine.Parsing;
using AiSystemSpec.Sdk.Cli.Output;
using AiSystemSpec.Sdk.Cli.Terminal;

namespace AiSystemSpec.Sdk.Cli.Commands;

/// <summary>Says what is wrong with a command line, and what was probably meant.</summary>
internal static class UsageErrors
{
    /// <summary>Whether the command line cannot be run as it is.</summary>
    public static bool HasSome(ParseResult parsed) => parsed.Errors.Count > 0 || FindOptionTakenForArgument(parsed) is not null;

    public static async Task WriteAsync(ParseResult parsed, CliHost host)
    {
        var command = parsed.CommandResult.Command;
        var sentences = FindOptionTakenForArgument(parsed) is { } option
            ? [Describe(option, command)]
            : parsed.UnmatchedTokens.Count > 0 && parsed.Errors.All(error => error.SymbolResult is CommandResult)
            ? parsed.UnmatchedTokens.Select(token => Describe(token, command)).Take(1)
            : parsed.Errors.Select(error => error.Message);
        foreach (var sentence in sentences)
        {
            await host.Error.WriteLineAsync(VisibleText.OneLine(sentence)).ConfigureAwait(false);
        }

        await host.Error.WriteLineAsync($"See {(command is RootCommand ? "aispec" : $"aispec {PathOf(command)}")} --help.").ConfigureAwait(false);
    }

    // The parser takes an option that it does not know for the value of an argument; after -- it is one.
    private static string? FindOptionTakenForArgument(ParseResult parsed) => parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash)
        ? null
        : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value)
            .FirstOrDefault(value => value.Length > 1 && value[0] == '-');

    private static string Describe(string token, Command command)
    {
        if (command.Name is "migrate" && token is "--dry-run" or "--dryrun" or "-n")
        {
            return $"migrate has no {token}: aispec plan prints the SQL that migrate would send, and changes nothing.";
        }

        var isOption = token.StartsWith('-');
        var words = isOption ? OptionsOf(command) : command.Subcommands.Select(sub => sub.Name);
        var what = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
        var meant = Suggestion.Find(token, words) is { } word ? $" Did you mean {word}?" : "";
        return command is RootCommand ? $"There is no {what} \"{token}\".{meant}" : $"{PathOf(command)} has no {what} \"{token}\".{meant}";
    }

    private static IEnumerable<string> OptionsOf(Command command) =>
        command.Options.Where(option => !option.Hidden).Select(option => option.Name).Concat([SharedOptions.Connection.Name, SharedOptions.Trace.Name]);

    private static string PathOf(Command command) => string.Join(' ', command.Parents.OfType<Command>().Where(parent => parent is not RootCommand).Select(parent => parent.Name).Append(command.Name));
}

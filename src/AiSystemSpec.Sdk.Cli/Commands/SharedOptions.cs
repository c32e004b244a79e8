using System.CommandLine;
using System.Globalization;
using AiSystemSpec.Sdk.Cli.Terminal;
using AiSystemSpec.Sdk.Migrations;

namespace AiSystemSpec.Sdk.Cli.Commands;

/// <summary>Options of several commands.</summary>
internal static class SharedOptions
{
    public const string ConnectionVariable = "AISYSTEMSPEC_CONNECTION";

    public static readonly Option<string?> Connection = new("--connection")
    {
        Description = $"Npgsql's form or a postgresql:// URI; {ConnectionVariable} by default. Keep the password out of it: set PGPASSWORD, or PGPASSFILE.",
        Recursive = true,
    };

    public static readonly Option<bool> Trace = new("--trace") { Description = "Print the stack trace of an error.", Recursive = true };

    public static Option<bool> Json() => new("--json") { Description = "Print the result as JSON." };

    public static Option<bool> WithSimilarity() =>
        new("--with-similarity") { Description = "Also create the extension pg_trgm and its index, for the search by similarity." };

    /// <summary>
    /// A duration in seconds, the same text in every culture; what the server could not take is refused before there is a connection.
    /// </summary>
    /// <param name="name">The option.</param>
    /// <param name="byDefault">What the command takes where it is not given; help says it.</param>
    /// <param name="description">What it limits.</param>
    /// <param name="least">The shortest; one millisecond by default, the unit of the server, where zero would be no limit.</param>
    public static Option<TimeSpan?> Seconds(string name, TimeSpan byDefault, string description, TimeSpan? least = null)
    {
        var from = least ?? TimeSpan.FromMilliseconds(1);
        return new(name)
        {
            Description = string.Create(CultureInfo.InvariantCulture, $"{description} Default: {byDefault.TotalSeconds}."),
            CustomParser = argument =>
            {
                var text = argument.Tokens[0].Value;
                if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
                    && seconds >= from.TotalSeconds && seconds <= MigrateOptions.LongestTimeout.TotalSeconds)
                {
                    return TimeSpan.FromSeconds(seconds);
                }

                argument.AddError(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name} is \"{text}\". Give a number of seconds from {from.TotalSeconds} to {MigrateOptions.LongestTimeout.TotalSeconds}, with a point for fractions: 2.5."));
                return null;
            },
        };
    }

    /// <summary>A moment, the same text in every culture; without an offset it is UTC.</summary>
    public static Option<DateTimeOffset?> Moment(string name, string description) => new(name)
    {
        Description = $"{description} Such as 2026-11-27T08:00Z; UTC where no offset is given.",
        CustomParser = argument =>
        {
            var text = argument.Tokens[0].Value;
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
            {
                return moment;
            }

            argument.AddError($"{name} is \"{text}\". Give a moment, such as 2026-11-27T08:00Z.");
            return null;
        },
    };

    /// <summary>A whole number in a range, the same text in every culture.</summary>
    public static Option<int?> Count(string name, string description, int most = int.MaxValue) => new(name)
    {
        Description = description,
        CustomParser = argument =>
        {
            var text = argument.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most)
            {
                return number;
            }

            argument.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is \"{text}\". Give a whole number from 1 to {most}."));
            return null;
        },
    };

    /// <summary>Refuses options that something else makes meaningless, instead of passing over them.</summary>
    /// <exception cref="UsageException">One is given.</exception>
    public static void ThrowIfGiven(ParseResult parsed, string beside, params IEnumerable<Option> options)
    {
        if (options.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } given)
        {
            throw new UsageException($"{given.Name} does not go with {beside}. Leave one of them out.");
        }
    }

    /// <summary>Which rows to move.</summary>
    public static Argument<TransferTarget> Rows() => new("rows")
    {
        Description = "scripts, runs or research.",
        HelpName = "scripts|runs|research",
        CustomParser = argument =>
        {
            var text = argument.Tokens[0].Value;
            if (text is "scripts" or "runs" or "research")
            {
                return Enum.Parse<TransferTarget>(text, ignoreCase: true);
            }

            argument.AddError($"\"{text}\" cannot be moved. Give scripts, runs or research.");
            return default;
        },
    };

    /// <summary>How a file holds rows.</summary>
    public static Option<ImportFormat?> Format() => new("--format")
    {
        Description = "json-lines, json or csv; recognised by the file's first sign where not given.",
        HelpName = "json-lines|json|csv",
        CustomParser = argument =>
        {
            var text = argument.Tokens[0].Value;
            if (text is "json-lines" or "json" or "csv")
            {
                return text switch { "json-lines" => ImportFormat.JsonLines, "json" => ImportFormat.Json, _ => ImportFormat.Csv };
            }

            argument.AddError($"--format is \"{text}\". Give json-lines, json or csv.");
            return null;
        },
    };

    public static Option<bool> Verbose() => new("--verbose") { Description = "Print each statement before it runs." };

    public static Option<bool> AllowPooler() => new("--allow-pooler") { Description = "Accept a connection pooler in transaction mode." };
}

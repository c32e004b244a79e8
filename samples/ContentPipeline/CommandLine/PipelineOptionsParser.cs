using System.Globalization;

namespace ContentPipeline.CommandLine;

/// <summary>Reads <see cref="PipelineOptions"/> from the words of a command line: <c>--name value</c> or <c>--name=value</c>.</summary>
internal static class PipelineOptionsParser
{
    public static PipelineOptions Parse(IEnumerable<string> arguments)
    {
        var options = new PipelineOptions();
        var words = new Queue<string>(arguments);
        while (words.TryDequeue(out var word))
        {
            var (name, value) = Split(word);
            options = name is "--help" or "-h"
                ? options with { ShowHelp = true }
                : With(options, name, new Lazy<string>(() => value ?? Next(words, name)));
        }

        return options.ShowHelp ? options : Checked(options);
    }

    private static (string Name, string? Value) Split(string word)
    {
        var equals = word.StartsWith("--", StringComparison.Ordinal) ? word.IndexOf('=', StringComparison.Ordinal) : -1;
        return equals < 0 ? (word, null) : (word[..equals], word[(equals + 1)..]);
    }

    private static PipelineOptions With(PipelineOptions options, string name, Lazy<string> value) => name switch
    {
        "--input" => options with { Input = value.Value },
        "--output" => options with { Output = value.Value },
        "--connection" => options with { Connection = value.Value },
        "--passes" => options with { Passes = ToPasses(value.Value) },
        "--price" => options with { UsdPerMillionTokens = ToPrice(value.Value) },
        _ => throw new UsageException($"There is no option '{name}'. --help lists them."),
    };

    private static string Next(Queue<string> words, string name) =>
        words.TryDequeue(out var next) && !string.IsNullOrWhiteSpace(next) && !next.StartsWith("--", StringComparison.Ordinal)
            ? next
            : throw new UsageException($"The option {name} needs a value.");

    private static int ToPasses(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var passes) && passes > 0
            ? passes
            : throw new UsageException($"--passes takes a whole number from 1, not '{text}'.");

    private static decimal ToPrice(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price)
            ? price
            : throw new UsageException($"--price takes an amount of US dollars such as 0.60, not '{text}'.");

    private static PipelineOptions Checked(PipelineOptions options)
    {
        if (!Directory.Exists(options.Input))
        {
            throw new UsageException($"There is no folder '{options.Input}' to read. Name one with --input.");
        }

        if (options.Output is not null && string.Equals(FullPath(options.Output), FullPath(options.Input), StringComparison.Ordinal))
        {
            throw new UsageException("--output would write over the documents of --input. Name another folder.");
        }

        return options;
    }

    private static string FullPath(string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
}

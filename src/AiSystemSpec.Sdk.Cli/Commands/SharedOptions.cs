using System.CommandLine;

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

    public static Option<bool> WithSimilarity() => new("--with-similarity") { Description = "Also create the extension pg_trgm and its index, for the search by similarity." };

    public static Option<double> Seconds(string name, TimeSpan byDefault, string description) =>
        new(name) { Description = $"{description} Default: {byDefault.TotalSeconds}.", DefaultValueFactory = _ => byDefault.TotalSeconds };

    public static Option<bool> AllowPooler() => new("--allow-pooler") { Description = "Accept a connection pooler in transaction mode." };
}

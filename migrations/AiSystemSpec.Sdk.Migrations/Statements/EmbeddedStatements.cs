using System.Reflection;

namespace AiSystemSpec.Sdk.Migrations.Statements;

/// <summary>
/// The statements of the migrations, a file each, as they stand in this assembly. Released ones never change: databases keep their
/// checksum, and no code that others improve has a part in them.
/// </summary>
internal static class EmbeddedStatements
{
    private static readonly Assembly Assembly = typeof(EmbeddedStatements).Assembly;

    /// <summary>Gets the names of all statements: the migration's id, <c>up</c>, <c>down</c> or <c>history</c>, and the file.</summary>
    public static IEnumerable<string> Names =>
        Assembly.GetManifestResourceNames().Where(name => name.Contains('/', StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>Reads one statement, with its final semicolon and without the line's end after it.</summary>
    public static string Read(string name)
    {
        using var stream = Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"There is no statement {name}. Its file belongs into the folder Migrations, with the ending .sql.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n").TrimEnd();
    }
}

using Microsoft.EntityFrameworkCore.Infrastructure;

namespace AiSystemSpec.Sdk.Migrations.EntityFramework;

/// <summary>One statement of a migration, with its final semicolon.</summary>
/// <param name="Text">The SQL.</param>
/// <param name="IsTransactional">False where it must stand alone, outside any transaction.</param>
internal sealed record SqlStatement(string Text, bool IsTransactional)
{
    public const string CreatesTableAnnotation = "AiSystemSpec:CreatesTable";
    public const string CreatesIndexAnnotation = "AiSystemSpec:CreatesIndex";
    public const string DropsIndexAnnotation = "AiSystemSpec:DropsIndex";

    /// <summary>Gets which of the three tables it creates, if it does.</summary>
    public string? CreatesTable { get; init; }

    /// <summary>Gets the name of the index that it builds, if it does.</summary>
    public string? CreatesIndex { get; init; }

    /// <summary>Gets the name of the index that it drops, if it does.</summary>
    public string? DropsIndex { get; init; }

    /// <summary>Gets the name of the index that it builds or drops, if it does.</summary>
    public string? Index => CreatesIndex ?? DropsIndex;

    /// <summary>Takes from the operation's annotations what the statement does.</summary>
    public static SqlStatement Of(string text, bool isTransactional, IReadOnlyAnnotatable operation) => new(text, isTransactional)
    {
        CreatesTable = Find(operation, CreatesTableAnnotation),
        CreatesIndex = Find(operation, CreatesIndexAnnotation),
        DropsIndex = Find(operation, DropsIndexAnnotation),
    };

    private static string? Find(IReadOnlyAnnotatable operation, string annotation) => operation.FindAnnotation(annotation)?.Value as string;
}

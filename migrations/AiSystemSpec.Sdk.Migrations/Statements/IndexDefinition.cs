using System.Text.RegularExpressions;
using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.Statements;

/// <summary>An index for lookups, built and dropped without stopping writers.</summary>
/// <param name="Name">Its name, in EF's style.</param>
/// <param name="Table">The table it is on.</param>
/// <param name="Keys">
/// What stands in its parentheses, with every name qualified: no setting reaches a statement outside a transaction.
/// </param>
/// <param name="Printed">How PostgreSQL prints keys and condition where the <c>search_path</c> is <c>pg_catalog</c>.</param>
/// <param name="Condition">What follows WHERE, if it is partial.</param>
/// <param name="Method">Its access method.</param>
internal sealed partial record IndexDefinition(
    string Name, string Table, string Keys, string Printed, string? Condition = null, string Method = IndexDefinition.BTree)
{
    private const string BTree = "btree";

    public string QualifiedName => $"{Schema.Name}.{Name}";

    /// <summary>Safe with IF NOT EXISTS only after <see cref="DropSql"/>: alone it would keep an INVALID index silently.</summary>
    public string CreateSql =>
        $"CREATE INDEX CONCURRENTLY IF NOT EXISTS {Name} ON {Schema.Name}.{Table} {(Method is BTree ? "" : $"USING {Method} ")}({Keys}){(Condition is null ? "" : $" WHERE {Condition}")};";

    /// <summary>
    /// Whether a definition that the server printed is this one. A column of type varchar is printed with a cast; how an index is stored
    /// (<c>fillfactor</c>, <c>fastupdate</c>) is for operators to tune.
    /// </summary>
    public bool IsPrintedAs(string definition) =>
        StorageParameters().Replace(definition, "").Replace("(topic)::text", "topic", StringComparison.Ordinal).Replace("(run_id)::text", "run_id", StringComparison.Ordinal)
            .EndsWith($" ON {Schema.Name}.{Table} USING {Method} {Printed}", StringComparison.Ordinal);

    [GeneratedRegex(@" WITH \([^()]*\)(?= WHERE |$)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex StorageParameters();

    public string DropSql => $"DROP INDEX CONCURRENTLY IF EXISTS {QualifiedName};";

    /// <summary>
    /// Waits, in a transaction of its own, for whoever builds an index on the table: an index is INVALID while it is built, too, and
    /// <see cref="DropSql"/> would drop it in the moment in which it is ready. Readers and writers go on.
    /// </summary>
    public string AwaitBuildSql => $"LOCK TABLE {Schema.Name}.{Table} IN SHARE UPDATE EXCLUSIVE MODE;";
}

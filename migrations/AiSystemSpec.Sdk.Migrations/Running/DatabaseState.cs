using AiSystemSpec.Sdk.Migrations.Catalog;
using AiSystemSpec.Sdk.Migrations.Connections;
using AiSystemSpec.Sdk.Migrations.History;
using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.Running;

/// <summary>What a plan depends on.</summary>
/// <param name="History">The applied migrations; null where there is no history yet.</param>
/// <param name="Indexes">The indexes of the three tables.</param>
/// <param name="Tables">Which of the three names are taken, by a table or by anything else.</param>
/// <param name="Trigrams">The extension of the search by similarity.</param>
internal sealed record DatabaseState(
    IReadOnlyList<AppliedMigration>? History, IReadOnlyList<FoundIndex> Indexes, IReadOnlyList<string> Tables, FoundTrigrams Trigrams)
{
    /// <summary>Gets which of the tables are partitioned, so that no index is built on them without stopping writers.</summary>
    public IReadOnlyList<string> Partitioned { get; init; } = [];

    /// <summary>Gets what else has the name of one of our indexes, by the name.</summary>
    public IReadOnlyDictionary<string, string> TakenNames { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    // One text: the first array of a process makes Npgsql build its converters of arrays, which takes as long as all else that status does.
    private const string ReadTables = """
        SELECT c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = ANY (pg_catalog.string_to_array($2, ',')) ORDER BY 1
        """;

    private const string ReadPartitioned = """
        SELECT c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = ANY ($2) AND c.relkind = 'p' ORDER BY 1
        """;

    public static Task<DatabaseState> ReadAsync(Session session, CancellationToken cancellationToken) =>
        session.ReadAsync(
            async reading => new DatabaseState(
                await HistoryReader.ReadAsync(reading, cancellationToken).ConfigureAwait(false),
                await IndexReader.ReadAsync(reading, cancellationToken).ConfigureAwait(false),
                await ReadTablesAsync(reading, cancellationToken).ConfigureAwait(false),
                await FoundTrigrams.ReadAsync(reading, cancellationToken).ConfigureAwait(false))
            {
                Partitioned = await reading.QueryAsync(ReadPartitioned, reader => reader.GetString(0), cancellationToken, Schema.Name, Schema.Tables).ConfigureAwait(false),
                TakenNames = await Catalog.TakenNames.ReadAsync(reading, cancellationToken).ConfigureAwait(false),
            },
            cancellationToken);

    /// <summary>Which of the three names are taken, by a table or by anything else.</summary>
    public static Task<List<string>> ReadTablesAsync(Session session, CancellationToken cancellationToken) =>
        session.QueryAsync(ReadTables, reader => reader.GetString(0), cancellationToken, Schema.Name, string.Join(',', Schema.Tables));

    public bool IsApplied(string migrationId) =>
        History?.Any(applied => string.Equals(applied.Id, migrationId, StringComparison.Ordinal)) ?? false;

    public FoundIndex? FindIndex(string name) => Indexes.FirstOrDefault(index => string.Equals(index.Name, name, StringComparison.Ordinal));
}

using System.Reflection;
using AiSystemSpec.Sdk.Migrations.History;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace AiSystemSpec.Sdk.Migrations.EntityFramework;

/// <summary>
/// The migrations of this package as SQL, in the order in which EF applies them; needs no database, and no EF model: every operation is a
/// statement (<see cref="MigrationBuilderExtensions"/>), and building a model takes longer than all else that <c>aispec status</c> does.
/// </summary>
internal sealed class MigrationCatalog
{
    private readonly List<MigrationScript> _up = [];
    private readonly List<MigrationScript> _down = [];

    private MigrationCatalog()
    {
        foreach (var (id, migration) in Find())
        {
            var up = new MigrationScript(id, Generate(migration.UpOperations), "");
            var checksum = MigrationChecksum.Of(up, isFirst: _up.Count == 0);
            _up.Add(up with { Checksum = checksum, HistorySql = HistoryTable.InsertSql(id, ProductInfo.GetVersion(), checksum) });
            _down.Add(new(id, Generate(migration.DownOperations), HistoryTable.DeleteSql(id)));
        }
    }

    /// <summary>The one catalog: migrations do not change while a process runs.</summary>
    public static MigrationCatalog Instance { get; } = new();

    /// <summary>All migrations, oldest first.</summary>
    public IReadOnlyList<MigrationScript> Up => _up;

    /// <summary>How each is taken back, in the same order.</summary>
    public IReadOnlyList<MigrationScript> Down => _down;

    /// <summary>Gets the migration that creates the tables, which an adopted database is recorded to have.</summary>
    public MigrationScript CreateTables => _up[0];

    /// <summary>Gets the migration that builds the lookups' indexes.</summary>
    public MigrationScript CreateIndexes => _up[1];

    /// <summary>Gets the migration that gives the database an identity.</summary>
    public MigrationScript CreateDatabaseIdentity => _up[2];

    /// <summary>Finds the statement that creates one of the three tables.</summary>
    public string FindCreateTable(string table) =>
        CreateTables.Statements.Single(statement => string.Equals(statement.CreatesTable, table, StringComparison.Ordinal)).Text;

    /// <summary>Finds the checksum that a database keeps beside a migration; null where this package does not know the migration.</summary>
    public string? FindChecksum(string migrationId) =>
        _up.Find(script => string.Equals(script.Id, migrationId, StringComparison.Ordinal))?.Checksum;

    /// <summary>Finds a migration by its id, or by its name alone.</summary>
    /// <exception cref="MigrationException">This package has no such migration.</exception>
    public int IndexOf(string idOrName)
    {
        var at = _up.FindIndex(script => string.Equals(script.Id, idOrName, StringComparison.Ordinal)
            || script.Id.EndsWith($"_{idOrName}", StringComparison.Ordinal));
        return at >= 0
            ? at
            : throw MigrationException.Refused($"There is no migration \"{idOrName}\". There are: {string.Join(", ", _up.Select(script => script.Id))}.");
    }

    // As EF finds them: by their attribute, in the order of their ids.
    private static IEnumerable<(string Id, Migration Migration)> Find() => typeof(MigrationCatalog).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Migration)))
        .Select(type => (type.GetCustomAttribute<MigrationAttribute>()!.Id, Migration: (Migration)Activator.CreateInstance(type)!))
        .OrderBy(found => found.Id, StringComparer.Ordinal);

    private static List<SqlStatement> Generate(IReadOnlyList<MigrationOperation> operations) => [.. operations.Select(operation => operation is SqlOperation statement
        ? SqlStatement.Of(Normalize(statement.Sql), !statement.SuppressTransaction, operation)
        : throw new InvalidOperationException($"A migration has the operation {operation.GetType().Name}. Write it as an embedded statement, see migrations/README.md."))];

    private static string Normalize(string sql) => sql.ReplaceLineEndings("\n").Trim();
}

using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Specification;
using Npgsql;
using static AiSystemSpec.Sdk.Specification.Schema;

namespace AiSystemSpec.Sdk.Research.Table;

/// <summary>
/// Knows whether the database has the index on the topic's first characters. Where it has, one condition is enough to look up a short
/// topic, and cheaper to plan; where it has not, as before the migrations, the whole topic is compared, so that a UNIQUE index on topic
/// can serve. An index that takes several spellings for one (a nondeterministic collation) does not count.
/// </summary>
internal sealed class TopicIndex
{
    /// <summary>How many lookups pass before the catalog is asked again, while the index was not there.</summary>
    private const int LooksBetween = 1_000;

    private const string IsThereSql =
        $"""
        SELECT EXISTS (
          SELECT FROM pg_catalog.pg_index AS i
          JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
          JOIN pg_catalog.pg_am AS a ON a.oid = c.relam
          JOIN pg_catalog.pg_collation AS l ON l.oid = i.indcollation[0] AND l.collisdeterministic
          WHERE i.indrelid = pg_catalog.to_regclass('{Schema.Name}.{Schema.ResearchCache}')
            AND i.indisvalid AND i.indpred IS NULL AND a.amname = 'btree'
            AND pg_catalog.pg_get_indexdef(i.indexrelid, 1, false) IN ('{Printed}', 'pg_catalog.{Printed}', '{Quoted}', '"pg_catalog".{Quoted}'))
        """;

    // PostgreSQL prints the function's schema where the search_path leads to another function of that name first.
    private const string Printed = $"\"left\"({Columns.Topic}, {IndexedLength})";

    // With quote_all_identifiers.
    private const string Quoted = $"\"left\"(\"{Columns.Topic}\", {IndexedLength})";

    private volatile bool _isThere;
    private int _looks;

    /// <summary>Whether the index has been seen; asks the catalog now and then until it has.</summary>
    public ValueTask<bool> IsThereAsync(Database database, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (_isThere)
        {
            return new ValueTask<bool>(true);
        }

        var isTurn = (uint)(Interlocked.Increment(ref _looks) - 1) % LooksBetween == 0;
        return isTurn ? AskAsync(database, connection, cancellationToken) : new ValueTask<bool>(false);
    }

    private async ValueTask<bool> AskAsync(Database database, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var command = database.CreateCommand(connection, IsThereSql);
        return _isThere = await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true;
    }
}

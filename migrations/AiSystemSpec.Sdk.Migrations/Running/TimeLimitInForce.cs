using AiSystemSpec.Sdk.Connections.Opening;
using AiSystemSpec.Sdk.Migrations.Connections;
using AiSystemSpec.Sdk.Migrations.Statements;
using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.Running;

/// <summary>A time limit that holds for the statements of a session, and where it comes from.</summary>
/// <param name="Name">The setting.</param>
/// <param name="Value">Its value, as the server prints it.</param>
/// <param name="Origin">Who set it.</param>
internal sealed record TimeLimitInForce(string Name, string Value, string Origin)
{
    private const string Read = """
        SELECT s.name, pg_catalog.current_setting(s.name),
               CASE s.source
                 WHEN 'database user' THEN pg_catalog.format('ALTER ROLE %I IN DATABASE %I SET, see pg_db_role_setting', session_user, pg_catalog.current_database())
                 WHEN 'user' THEN pg_catalog.format('ALTER ROLE %I SET, see pg_db_role_setting', session_user)
                 WHEN 'database' THEN pg_catalog.format('ALTER DATABASE %I SET, see pg_db_role_setting', pg_catalog.current_database())
                 WHEN 'global' THEN 'ALTER ROLE ALL SET, see pg_db_role_setting'
                 WHEN 'configuration file' THEN coalesce(s.sourcefile, 'postgresql.conf')
                 WHEN 'client' THEN 'options of the connection, or of the pooler'
                 WHEN 'session' THEN 'SET by a client of the pooler'
                 ELSE s.source END
        FROM pg_catalog.pg_settings AS s
        WHERE s.name = ANY ($1) AND s.setting <> '0' ORDER BY 1
        """;

    // By size and not by a look at the rows, which row level security may hide.
    private const string HasRows = """
        SELECT coalesce(pg_catalog.sum(pg_catalog.pg_relation_size(c.oid)), 0) > 0
        FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2
        """;

    /// <summary>Refuses, before anything is sent, builds of indexes that a limit could end where nobody can lift it.</summary>
    /// <exception cref="MigrationException">There is such a limit, and such a build.</exception>
    public static async Task ThrowIfBuildsMayEndAsync(
        Session session, PoolerMode pooler, IEnumerable<RunUnit> units, CancellationToken cancellationToken)
    {
        var builds = units.Where(unit => unit.IsCreation).Select(unit => unit.Index!).ToList();
        if (pooler != PoolerMode.Transaction || builds.Count == 0)
        {
            return;
        }

        var limits = await FindAsync(session, TimeLimits.Names, cancellationToken).ConfigureAwait(false);
        foreach (var index in limits.Count == 0 ? [] : builds)
        {
            if (await session.ReadAsync(reading => reading.ScalarAsync<bool>(HasRows, cancellationToken, Schema.Name, index.Table), cancellationToken).ConfigureAwait(false))
            {
                throw MigrationException.Refused(
                    $"Index {index.QualifiedName} is to be built on {Schema.Name}.{index.Table}, which has rows, and {string.Join(" and ", limits)} could end the build and leave the index INVALID. "
                    + "No setting can be lifted through a pooler in transaction mode. Nothing was changed. Use a direct connection, or a pooler in session mode (at Supabase: port 5432): "
                    + "there the limit is lifted for the build alone. Or take the limit away, with RESET where it was SET.");
            }
        }
    }

    public static Task<List<TimeLimitInForce>> FindAsync(Session session, string[] names, CancellationToken cancellationToken) => session.ReadUnderLimitsAsync(
        reading => reading.QueryAsync(Read, reader => new TimeLimitInForce(reader.GetString(0), reader.GetString(1), reader.GetString(2)), cancellationToken, new object[] { names }),
        cancellationToken);

    public override string ToString() => $"{Name} = {Value} ({Origin})";
}

using AiSystemSpec.Sdk.Migrations.Catalog;
using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.Verification;

/// <summary>Says what a table is beside its columns: partitioned, an heir, unlogged, with rules or triggers.</summary>
internal static class TableForm
{
    /// <summary>What stands against any work with the table at all; null where nothing does.</summary>
    public static SchemaFinding? FindObstacle(FoundTable table) => table.Kind switch
    {
        'r' => null,
        'p' => new(FindingSeverity.Error, table.QualifiedName, $"a table partitioned by {table.PartitionKey}, on which no index can be built without stopping writers, and no key on (id) alone", "an ordinary table", fixSql: null)
        {
            Advice = "Is it to stay partitioned? Then rename it, and let this database have an ordinary table of that name. Else copy its rows into one: CREATE TABLE … (LIKE …), INSERT … SELECT, and rename both.",
            Query = $"SELECT relid::pg_catalog.regclass, pg_catalog.pg_size_pretty(pg_catalog.pg_relation_size(relid)) FROM pg_catalog.pg_partition_tree('{table.QualifiedName}');",
        },
        'f' => Other(table, "a foreign table, whose rows another server has"),
        'v' or 'm' => Other(table, "a view") with { Query = $"SELECT pg_catalog.pg_get_viewdef('{table.QualifiedName}'::pg_catalog.regclass);" },
        _ => Other(table, "something else of that name (a view, perhaps)"),
    };

    public static IEnumerable<SchemaFinding> Compare(FoundTable table)
    {
        if (table.IsUnlogged)
        {
            yield return new(
                FindingSeverity.Warning, table.QualifiedName, "UNLOGGED: emptied after a crash, and absent on a standby", "an ordinary table", $"ALTER TABLE {table.QualifiedName} SET LOGGED; {Remedies.Rewrites}");
        }

        if (table.IsPartition)
        {
            yield return new(FindingSeverity.Warning, table.QualifiedName, $"a partition of {string.Join(", ", table.Parents)}, which refuses rows outside of its bounds", "a table of its own", fixSql: null)
            {
                Advice = "Does it take every row that the services write? If not, detach it: ALTER TABLE … DETACH PARTITION ….",
                Query = $"SELECT pg_catalog.pg_get_expr(relpartbound, oid) FROM pg_catalog.pg_class WHERE oid = '{table.QualifiedName}'::pg_catalog.regclass;",
            };
        }

        if (table.Children.Count > 0)
        {
            yield return new(FindingSeverity.Warning, table.QualifiedName, $"tables that inherit from it ({string.Join(", ", table.Children)}): their rows are read with it, and its key does not keep them apart", "no heirs", fixSql: null)
            {
                Advice = "Are their rows meant to be read? If not: ALTER TABLE … NO INHERIT ….",
            };
        }

        foreach (var rule in table.Rules)
        {
            yield return new(FindingSeverity.Error, table.QualifiedName, $"a rule, with which no row can be stored (ON CONFLICT refuses it): {rule}", "no rule", fixSql: null)
            {
                Advice = "What is it for? A trigger does the same and goes with every statement. Make one, and DROP RULE.",
                Query = $"SELECT rulename, definition FROM pg_catalog.pg_rules WHERE schemaname = '{Schema.Name}' AND tablename = '{table.Name}';",
            };
        }

        foreach (var trigger in table.Triggers)
        {
            yield return Trigger(table, trigger);
        }
    }

    private static SchemaFinding Other(FoundTable table, string what) => new(FindingSeverity.Error, table.QualifiedName, what, "a table", fixSql: null)
    {
        Advice = "What is it for? Rename it, or move it into another schema (ALTER … SET SCHEMA …); then run aispec migrate, or aispec adopt where there are other tables.",
    };

    private static SchemaFinding Trigger(FoundTable table, FoundTrigger trigger) => trigger.MayChangeRows
        ? new(FindingSeverity.Warning, $"{table.QualifiedName}.{trigger.Name}", $"a trigger that may change a row or leave it out: {trigger.Definition}", "none that changes id, topic, run_id, stage or created_at, or returns NULL", fixSql: null)
        {
            Advice = "What does its function do? A topic that it alters is stored and never found, and paid for again; a row that it leaves out is repeated until the call fails; a deletion that it leaves out is counted and not done.",
            Query = $"SELECT pg_catalog.pg_get_functiondef('{trigger.Function.Replace("'", "''", StringComparison.Ordinal)}'::pg_catalog.regprocedure);",
        }
        : new(FindingSeverity.Information, $"{table.QualifiedName}.{trigger.Name}", $"a trigger, whose failure would refuse the row: {trigger.Definition}", "nothing; it is left alone", fixSql: null);
}

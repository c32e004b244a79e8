using AiSystemSpec.Sdk.Migrations.Catalog;
using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.Verification;

/// <summary>What several findings say beside their SQL: its price, and what stands in its way.</summary>
internal static class Remedies
{
    public const string Rewrites = "-- rewrites the table: readers and writers wait until it is done";

    public const string Rebuilds = "-- builds the column's indexes again: readers and writers wait until it is done";

    public const string Scans = "-- reads the whole table: readers and writers wait until it is done";

    public const string TookTooLong = "the look took more than 5 seconds, or this role may not read the table";

    public static string Depends(FoundColumn column) => column.IsInherited
        ? "The column comes from a parent table: change it there."
        : $"What depends on the column stands against another type: {string.Join(", ", column.Dependents)}. Drop it, alter the column, and make it again.";

    public static string Inherited(FoundTable table) =>
        $"It comes from a parent table ({string.Join(", ", table.Parents)}): change it there.";

    /// <summary>A query that lists what stands against another type of a column.</summary>
    public static string DependentsOf(FoundTable table, FoundColumn column) =>
        "SELECT DISTINCT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) FROM pg_catalog.pg_depend d "
        + "JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid "
        + $"WHERE d.refobjid = '{table.QualifiedName}'::pg_catalog.regclass AND a.attname = '{column.Name}';";

    /// <summary>A name that no relation of these tables has.</summary>
    public static string FreeName(string name, IEnumerable<string> taken)
    {
        var names = taken.ToHashSet(StringComparer.Ordinal);
        return Enumerable.Range(1, int.MaxValue).Select(number => number == 1 ? name : $"{name}_{number}").First(free => !names.Contains(free));
    }

    /// <summary>The tables' key, which may be any unique index.</summary>
    public static string CreateKey(FoundTable table) =>
        $"CREATE UNIQUE INDEX CONCURRENTLY {FreeName($"{table.Name}_id_key", table.KeyNames)} ON {table.QualifiedName} ({Schema.Columns.Id});";
}

using AiSystemSpec.Sdk.Migrations.Catalog;
using AiSystemSpec.Sdk.Migrations.Statements;
using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.Verification;

/// <summary>
/// Compares what keeps rows apart: the key, other unique indexes, and what a subscriber of the table tells rows apart by.
/// </summary>
internal static class KeyComparison
{
    /// <summary>By columns, not by name; a unique index does as well.</summary>
    public static bool HasKey(FoundTable table) => FindKeys(table).Any(index => index.IsValid);

    public static async Task<List<SchemaFinding>> CompareAsync(FoundTable table, Probe probe)
    {
        List<SchemaFinding> findings = [];
        if (!HasKey(table))
        {
            findings.Add(await MissingAsync(table, probe).ConfigureAwait(false));
        }

        findings.AddRange(table.Indexes.Where(index => index is { IsUnique: true, IsImmediate: false }).Select(index => Deferrable(table, index)));
        findings.AddRange(table.Indexes
            .Where(index => index is { IsUnique: true, IsValid: true } && !index.Columns.Contains(Schema.Columns.Id, StringComparer.Ordinal)) // with the id, a row is refused that the id alone refuses
            .Where(index => !index.Columns.Any(column => IsNumbered(table, column)))
            .Select(index => Unique(table, index)));
        if (await FindReplicaIdentityAsync(table, probe).ConfigureAwait(false) is { } identity)
        {
            findings.Add(identity);
        }

        return findings;
    }

    /// <summary>The statement that drops an index, whatever it stands for; null where something else needs it.</summary>
    public static string? Drop(FoundTable table, FoundIndex index) => index switch
    {
        { IsReferenced: true } or { IsAttached: true } => null,
        { Constraint: { } constraint } => $"ALTER TABLE {table.QualifiedName} DROP CONSTRAINT {Identifier.Quote(constraint)};",
        _ => $"DROP INDEX CONCURRENTLY {Schema.Name}.{Identifier.Quote(index.Name)};",
    };

    /// <summary>Says what is the matter with a unique index that a build left INVALID.</summary>
    public static async Task<SchemaFinding> RebuildAsync(SchemaFinding finding, FoundTable table, FoundIndex index, Probe probe)
    {
        var rebuild = $"REINDEX INDEX CONCURRENTLY {Schema.Name}.{Identifier.Quote(index.Name)};";
        if (!index.IsUnique)
        {
            return finding with { FixSql = rebuild };
        }

        if (index.IsPartial || index.Columns.Contains("", StringComparer.Ordinal))
        {
            return finding with
            {
                Advice = $"It is unique over an expression or a part of the rows. Do rows repeat there? Where none does: {rebuild}",
                Query = $"SELECT pg_catalog.pg_get_indexdef('{Schema.Name}.{Identifier.Quote(index.Name).Replace("'", "''", StringComparison.Ordinal)}'::pg_catalog.regclass);",
            };
        }

        return await NameRepeatedAsync(finding, table, index.Columns, rebuild, probe).ConfigureAwait(false);
    }

    private static IEnumerable<FoundIndex> FindKeys(FoundTable table) =>
        table.Indexes.Where(index => index is { IsUnique: true, IsPartial: false, Columns: [Schema.Columns.Id] });

    /// <summary>
    /// Whether the server gives each row of the services a number of its own there, such as the id of the table editor that a mend kept.
    /// </summary>
    private static bool IsNumbered(FoundTable table, string name) =>
        table.Column(name) is { } column && CanonicalTables.All[table.Name].All(own => !string.Equals(own.Name, name, StringComparison.Ordinal))
        && (column.Identity is not ' ' || (column.Default?.StartsWith("nextval(", StringComparison.Ordinal) ?? false));

    private static async Task<SchemaFinding> MissingAsync(FoundTable table, Probe probe)
    {
        var finding = new SchemaFinding(
            FindingSeverity.Error,
            table.QualifiedName,
            table.Indexes.FirstOrDefault(index => index.IsPrimary) is { } other ? $"a primary key on ({string.Join(", ", other.Columns)})" : "no primary key",
            $"a primary key (or a unique index) on ({Schema.Columns.Id})",
            fixSql: null);
        if (table.Column(Schema.Columns.Id) is not { } id || string.Equals(id.Type, Schema.Types.Uuid, StringComparison.Ordinal) || TypeConversion.IsText(id.Type))
        {
            var broken = FindKeys(table).FirstOrDefault();
            var build = broken is null ? Remedies.CreateKey(table) : $"REINDEX INDEX CONCURRENTLY {Schema.Name}.{Identifier.Quote(broken.Name)};";
            return table.Column(Schema.Columns.Id) is null
                ? finding with { FixSql = build }
                : await NameRepeatedAsync(finding, table, [Schema.Columns.Id], build, probe).ConfigureAwait(false);
        }

        return finding with { FixSql = Remedies.CreateKey(table) }; // after the id has become one
    }

    /// <summary>Offers to build a unique index where no value repeats; names those that do.</summary>
    private static async Task<SchemaFinding> NameRepeatedAsync(
        SchemaFinding finding, FoundTable table, IReadOnlyList<string> columns, string build, Probe probe)
    {
        var keys = string.Join(", ", columns.Select(Identifier.Quote));
        var filled = string.Join(" AND ", columns.Select(column => $"{Identifier.Quote(column)} IS NOT NULL"));
        var group = $"FROM {table.QualifiedName} WHERE {filled} GROUP BY {keys} HAVING pg_catalog.count(*) > 1";
        var (repeated, error) = await probe.ReadAsync(
            $"SELECT pg_catalog.\"left\"(pg_catalog.concat_ws(', ', {keys}), 60) {group} LIMIT 5", reader => reader.GetString(0)).ConfigureAwait(false);
        if (error is null && repeated.Count == 0)
        {
            return finding with { FixSql = build };
        }

        var query = $"SELECT {keys}, pg_catalog.count(*) {group} ORDER BY 2 DESC LIMIT 20;".Replace("ORDER BY 2", $"ORDER BY {columns.Count + 1}", StringComparison.Ordinal);
        return error is null
            ? finding with
            {
                Found = $"{finding.Found}; more than one row has the {string.Join(", ", columns)} {string.Join("; ", repeated)}",
                Advice = $"Which of the rows with the same {string.Join(", ", columns)} is to stay, or which is to have another one? Then: {build}",
                Query = query,
            }
            : finding with
            {
                Advice = $"Whether a {string.Join(", ", columns)} repeats could not be told ({Remedies.TookTooLong}). Where the query finds none: {build}",
                Query = query,
            };
    }

    // ON CONFLICT refuses every table that has one (55000), even where it names no index.
    private static SchemaFinding Deferrable(FoundTable table, FoundIndex index)
    {
        var name = Identifier.Quote(index.Constraint ?? index.Name);
        var kind = index.IsPrimary ? "PRIMARY KEY" : "UNIQUE";
        var mend = index.IsAttached || index.Constraint is null
            ? null
            : $"ALTER TABLE {table.QualifiedName} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} {kind} ({string.Join(", ", index.Columns.Select(Identifier.Quote))}); {Remedies.Rebuilds.Replace("the column's indexes", "the index", StringComparison.Ordinal)}";
        return new(FindingSeverity.Error, $"{Schema.Name}.{index.Name}", "a deferrable constraint, with which no row can be stored (ON CONFLICT refuses it)", "one that is checked at once", mend)
        {
            Advice = mend is null ? Remedies.Inherited(table) : null,
        };
    }

    private static SchemaFinding Unique(FoundTable table, FoundIndex index)
    {
        if (IsOnTopic(table, index))
        {
            return new(FindingSeverity.Compatible, $"{Schema.Name}.{index.Name}", "a unique index on the topic", "none; with it, storing refreshes the topic's one row, and there is no history", fixSql: null);
        }

        var mend = Drop(table, index);
        return new(FindingSeverity.Warning, $"{Schema.Name}.{index.Name}", $"a unique index that may refuse rows: {index.Definition}", "none", mend)
        {
            Advice = mend is null ? "A foreign key or a parent table needs it. Drop that first, or leave both, where no program writes what it refuses." : null,
            Query = mend is null ? $"SELECT conrelid::pg_catalog.regclass, conname FROM pg_catalog.pg_constraint WHERE confrelid = '{table.QualifiedName}'::pg_catalog.regclass;" : null,
        };
    }

    // Its column, or an expression over it such as lower(topic).
    private static bool IsOnTopic(FoundTable table, FoundIndex index) =>
        string.Equals(table.Name, Schema.ResearchCache, StringComparison.Ordinal)
        && index.Columns.Count == 1
        && index.Definition.Contains(Schema.Columns.Topic, StringComparison.Ordinal);

    /// <summary>Where changes are published and rows cannot be told apart, the server refuses each UPDATE and DELETE (55000).</summary>
    private static async Task<SchemaFinding?> FindReplicaIdentityAsync(FoundTable table, Probe probe)
    {
        var hasOne = table.ReplicaIdentity switch
        {
            'd' => table.Indexes.Any(index => index is { IsPrimary: true, IsValid: true }),
            'i' => table.Indexes.Any(index => index is { IsReplicaIdentity: true, IsValid: true }),
            var kind => kind is 'f',
        };
        if (table.Publications.Count == 0 || hasOne)
        {
            return null;
        }

        var alter = $"ALTER TABLE {table.QualifiedName} REPLICA IDENTITY";
        var key = FindKeys(table).FirstOrDefault(index => index is { IsValid: true, IsImmediate: true });
        var id = table.Column(Schema.Columns.Id);
        var mayUse = key is not null && (id!.IsNotNull
            || await probe.IsTrueAsync($"SELECT NOT EXISTS (SELECT FROM {table.QualifiedName} WHERE {Schema.Columns.Id} IS NULL)").ConfigureAwait(false) is true);
        var mend = table.Indexes.Any(index => index is { IsPrimary: true, IsImmediate: true, IsValid: true }) ? $"{alter} DEFAULT;"
            : !mayUse ? $"{alter} FULL; -- every change then carries the whole row; better a unique index on ({Schema.Columns.Id}) first"
            : (id!.IsNotNull ? "" : $"ALTER TABLE {table.QualifiedName} ALTER COLUMN {Schema.Columns.Id} SET NOT NULL; {Remedies.Scans}\n") + $"{alter} USING INDEX {Identifier.Quote(key!.Name)};";
        return new(
            FindingSeverity.Error,
            table.QualifiedName,
            $"no replica identity, while its changes are published ({string.Join(", ", table.Publications)}): the server refuses each UPDATE and DELETE",
            "a primary key, or REPLICA IDENTITY USING INDEX",
            mend);
    }
}

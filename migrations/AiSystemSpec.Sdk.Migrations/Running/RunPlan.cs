using AiSystemSpec.Sdk.Connections.Opening;
using AiSystemSpec.Sdk.Migrations.EntityFramework;
using AiSystemSpec.Sdk.Migrations.History;
using AiSystemSpec.Sdk.Migrations.Statements;
using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.Running;

/// <summary>What a run will send, in order. <c>plan</c> prints it and <c>migrate</c> runs it: one place makes both.</summary>
internal sealed class RunPlan
{
    private readonly List<RunUnit> _units = [];
    private readonly MigrateOptions _options;
    private readonly DatabaseState _state;

    private RunPlan(DatabaseState state, MigrateOptions options)
    {
        _state = state;
        _options = options;
    }

    public IReadOnlyList<RunUnit> Units => _units;

    public required IReadOnlyList<MigrationScript> Pending { get; init; }

    /// <summary>Plans, and refuses what no statement of the plan could do.</summary>
    public static RunPlan Make(DatabaseState state, PoolerMode pooler, MigrateOptions options)
    {
        var pending = MigrationCatalog.Instance.Up.Where(script => !state.IsApplied(script.Id)).ToList();
        var plan = new RunPlan(state, options) { Pending = pending };
        ThrowIfNotAdopted(state, pending);
        if (pending.Count > 0 && state.History is null)
        {
            plan._units.Add(RunUnit.Transaction(pending[0].Id, options.LockTimeout, SearchPath.Pin, HistoryTable.CreateSchemaSql, HistoryTable.CreateTableSql));
        }

        foreach (var script in pending)
        {
            plan.Add(script, pooler);
        }

        if (options.WithSimilarity)
        {
            plan._units.AddRange(plan.Similarity(pooler).Select(unit => unit with { Name = $"the {TrigramSearch.UnitId}" }));
        }

        return plan;
    }

    private static void ThrowIfNotAdopted(DatabaseState state, List<MigrationScript> pending)
    {
        var first = MigrationCatalog.Instance.Up[0];
        if (state.Tables.Count > 0 && pending.Contains(first))
        {
            throw MigrationException.Refused(
                $"The database already has {string.Join(", ", state.Tables.Select(table => $"public.{table}"))}, which no migration made. Run aispec adopt (AdoptAsync), which compares and takes them over, then migrate.");
        }
    }

    private void Add(MigrationScript script, PoolerMode pooler)
    {
        if (script.IsTransactional)
        {
            _units.Add(RunUnit.Transaction(script.Id, _options.LockTimeout, [.. script.Statements.Select(statement => statement.Text), script.HistorySql]));
            return;
        }

        _units.AddRange(RunUnit.WithLimits(script.Id, _options.IndexLockTimeout, pooler, script.Statements.SelectMany(statement => Alone(script.Id, statement))));
        _units.Add(RunUnit.Transaction(script.Id, _options.LockTimeout, script.HistorySql));
    }

    private IEnumerable<RunUnit> Similarity(PoolerMode pooler)
    {
        var schema = _state.Trigrams.Schema ?? (_state.Trigrams.HasExtensionsSchema ? TrigramSearch.ExtensionsSchema : Schema.Name);
        if (_state.Trigrams.Schema is null)
        {
            yield return RunUnit.Transaction(TrigramSearch.UnitId, _options.LockTimeout, TrigramSearch.CreateExtensionSql(schema));
        }

        var index = TrigramSearch.IndexFor(schema);
        var creation = OfIndex(TrigramSearch.UnitId, index.CreateSql, index, isCreation: true); // refuses another one of that name
        var build = _state.FindIndex(index.Name) is { IsValid: true }
            ? creation
            : RunUnit.WithLimits(TrigramSearch.UnitId, _options.IndexLockTimeout, pooler, [.. OfIndex(TrigramSearch.UnitId, index.DropSql, index, isCreation: false), .. creation]);
        foreach (var unit in build)
        {
            yield return unit;
        }
    }

    private IEnumerable<RunUnit> Alone(string migrationId, SqlStatement statement)
    {
        var index = statement.Index is { } name ? LookupIndexes.Find(name) : null;
        return index is null ? [RunUnit.Alone(migrationId, statement.Text)] : OfIndex(migrationId, statement.Text, index, isCreation: statement.CreatesIndex is not null);
    }

    private IEnumerable<RunUnit> OfIndex(string migrationId, string sql, IndexDefinition index, bool isCreation)
    {
        var found = _state.FindIndex(index.Name);
        if (found is { IsValid: true } && !index.IsPrintedAs(found.Definition))
        {
            throw MigrationException.Refused(
                $"There is another index named {index.QualifiedName}: {found.Definition}. Rename it (ALTER INDEX … RENAME TO …) or drop it, then migrate again.");
        }

        if (isCreation && _state.TakenNames.TryGetValue(index.Name, out var other))
        {
            throw MigrationException.Refused(
                $"The name {index.QualifiedName} is taken by {other}, so that the index cannot be built. Nothing was changed. Rename it (ALTER INDEX … RENAME TO …, or ALTER TABLE … for a table) or drop it, then migrate again.");
        }

        if (found is null && isCreation && _state.Partitioned.Contains(index.Table, StringComparer.Ordinal))
        {
            throw MigrationException.Refused(
                $"{Schema.Name}.{index.Table} is partitioned, and on such a table no index can be built without stopping writers ({index.QualifiedName} is missing). Nothing was changed. aispec verify says what can be done.");
        }

        // A valid index stays; DROP is for what a broken build left, and comes first.
        if (found is { IsValid: false } && !isCreation)
        {
            yield return RunUnit.Transaction(migrationId, _options.IndexLockTimeout, index.AwaitBuildSql);
        }

        if (found is null ? isCreation : !found.IsValid)
        {
            yield return new RunUnit(migrationId, [sql], index) { IsCreation = isCreation };
        }
    }
}

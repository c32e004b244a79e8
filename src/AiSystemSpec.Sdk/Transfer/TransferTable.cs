using AiSystemSpec.Sdk.Connections.AdvisoryLocks;
using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Transfer;

/// <summary>One of the three tables, for moving its rows as they are. The id is the first column, the moment the last.</summary>
internal sealed record TransferTable
{
    public const string Text = "pg_catalog.text";
    public const string Jsonb = "pg_catalog.jsonb";

    private const string Uuid = "pg_catalog.uuid";
    private const string Number = "pg_catalog.int8"; // the column itself holds what it can
    private const string Moment = "pg_catalog.timestamptz";

    public static readonly TransferTable OfScripts = new()
    {
        Qualified = $"{Schema.Name}.{Schema.Scripts}",
        Columns = [new(Schema.Columns.Id, Uuid), new(Schema.Columns.Content, Text), new(Schema.Columns.CreatedAt, Moment)],
        LockKey = LockKeys.ScriptHistory,
    };

    public static readonly TransferTable OfResearch = new()
    {
        Qualified = $"{Schema.Name}.{Schema.ResearchCache}",
        Columns =
        [
            new(Schema.Columns.Id, Uuid), new(Schema.Columns.Topic, Text), new(Schema.Columns.Content, Text),
            new(Schema.Columns.CreatedAt, Moment),
        ],
        LockKey = LockKeys.ResearchImport,
    };

    public static readonly TransferTable OfRuns = new()
    {
        Qualified = $"{Schema.Name}.{Schema.PipelineRuns}",
        Columns =
        [
            new(Schema.Columns.Id, Uuid), new(Schema.Columns.RunId, Text), new(Schema.Columns.Stage, Text),
            new(Schema.Columns.Status, Text), new(Schema.Columns.Attempts, Number), new(Schema.Columns.InputRefs, Jsonb),
            new(Schema.Columns.OutputRefs, Jsonb), new(Schema.Columns.ErrorSummary, Text), new(Schema.Columns.Metrics, Jsonb),
            new(Schema.Columns.CreatedAt, Moment),
        ],
        LockKey = LockKeys.RunRows,
    };

    /// <summary>Gets the table's name with its schema.</summary>
    public required string Qualified { get; init; }

    public required IReadOnlyList<TransferColumn> Columns { get; init; }

    /// <summary>Gets the lock under which imports of the table take turns.</summary>
    public required long LockKey { get; init; }

    /// <summary>Gets the columns' names, with commas between them.</summary>
    public string Names => string.Join(", ", Columns.Select(column => column.Name));

    /// <summary>Finds a column by its name in a file; -1 where the table has none of that name.</summary>
    public int IndexOf(ReadOnlySpan<char> name)
    {
        for (var at = 0; at < Columns.Count; at++)
        {
            if (name.SequenceEqual(Columns[at].Name))
            {
                return at;
            }
        }

        return -1;
    }
}

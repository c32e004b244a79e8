using AiSystemSpec.Sdk.Specification;

namespace AiSystemSpec.Sdk.Migrations.Verification;

/// <summary>The schema as a found database is compared with it. A test holds it against what the migrations make.</summary>
internal static class CanonicalTables
{
    private static readonly CanonicalColumn Id = new(Schema.Columns.Id, Schema.Types.Uuid, IsNotNull: true, Schema.Defaults.Id, IsAlwaysWritten: true);

    private static readonly CanonicalColumn CreatedAt = new(Schema.Columns.CreatedAt, Schema.Types.TimestampTz, Default: Schema.Defaults.CreatedAt, IsAlwaysWritten: true);

    private static readonly CanonicalColumn Content = Text(Schema.Columns.Content, isAlwaysWritten: true);

    public static IReadOnlyDictionary<string, IReadOnlyList<CanonicalColumn>> All { get; } = new Dictionary<string, IReadOnlyList<CanonicalColumn>>(
        StringComparer.Ordinal)
    {
        [Schema.ResearchCache] = [Id, Text(Schema.Columns.Topic, isAlwaysWritten: true) with { IsNotNull = true }, Content, CreatedAt],
        [Schema.Scripts] = [Id, Content, CreatedAt],
        [Schema.PipelineRuns] =
        [
            Id,
            Text(Schema.Columns.RunId, isAlwaysWritten: true),
            Text(Schema.Columns.Stage, isAlwaysWritten: true),
            Text(Schema.Columns.Status, isAlwaysWritten: true),
            new(Schema.Columns.Attempts, Schema.Types.Int, IsAlwaysWritten: true),
            new(Schema.Columns.InputRefs, Schema.Types.Jsonb),
            new(Schema.Columns.OutputRefs, Schema.Types.Jsonb),
            Text(Schema.Columns.ErrorSummary, isAlwaysWritten: false),
            new(Schema.Columns.Metrics, Schema.Types.Jsonb),
            CreatedAt,
        ],
    };

    private static CanonicalColumn Text(string name, bool isAlwaysWritten) =>
        new(name, Schema.Types.Text, IsAlwaysWritten: isAlwaysWritten);
}

namespace AiSystemSpec.Sdk.Rows;

/// <summary>What all three tables are paged by: newest first, by <c>(created_at, id)</c>.</summary>
internal interface IKeysetRow
{
    Guid Id { get; }

    DateTimeOffset? CreatedAt { get; }
}

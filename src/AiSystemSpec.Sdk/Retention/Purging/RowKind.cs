namespace AiSystemSpec.Sdk.Retention.Purging;

/// <summary>What a rule is about.</summary>
internal enum RowKind
{
    Research,
    SystemEvent,
    Script,
    Run,
}

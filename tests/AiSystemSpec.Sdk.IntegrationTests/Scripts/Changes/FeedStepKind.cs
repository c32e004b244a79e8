namespace AiSystemSpec.Sdk.IntegrationTests.Scripts.Changes;

/// <summary>What writers, readers and operators do.</summary>
public enum FeedStepKind
{
    Begin,
    Insert,
    InsertOld,
    Savepoint,
    RollbackToSavepoint,
    ExceptionBlock,
    Update,
    Delete,
    Commit,
    Rollback,
    Prepare,
    BurnIds,
    OpenElsewhere,
    Freeze,
    Look,
    LookOnce,
    ResumeOlder,
}

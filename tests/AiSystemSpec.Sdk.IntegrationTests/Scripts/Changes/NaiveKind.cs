namespace AiSystemSpec.Sdk.IntegrationTests.Scripts.Changes;

/// <summary>By what a naive feed goes on.</summary>
public enum NaiveKind
{
    /// <summary>Newer than the newest <c>created_at</c>.</summary>
    CreatedAt,

    /// <summary>Written by a later transaction than the latest.</summary>
    Xmin,

    /// <summary>Not visible in the snapshot of the look before, by the row's transaction.</summary>
    Snapshot,
}

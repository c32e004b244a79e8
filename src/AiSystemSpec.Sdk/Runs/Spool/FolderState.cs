namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>What is known of a writer's folder.</summary>
internal enum FolderState
{
    /// <summary>Its process is gone.</summary>
    Left,

    /// <summary>A living process writes or replays it, as far as can be told.</summary>
    Held,

    /// <summary>A file in it is of a version that is not known here.</summary>
    OtherVersion,

    /// <summary>Nothing in it says whose rows it holds.</summary>
    Unknown,

    /// <summary>It cannot be read now.</summary>
    Unreadable,
}

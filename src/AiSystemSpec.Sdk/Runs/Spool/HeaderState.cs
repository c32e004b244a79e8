namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>What stands at the beginning of a spool file.</summary>
internal enum HeaderState
{
    /// <summary>A header of this version.</summary>
    Sound,

    /// <summary>A sound header of a version that is not known here.</summary>
    OtherVersion,

    /// <summary>Nothing that is a header.</summary>
    Damaged,
}

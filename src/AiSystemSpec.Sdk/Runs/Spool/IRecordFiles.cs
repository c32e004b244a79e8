using Microsoft.Win32.SafeHandles;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>The files of a folder, as its reader sees them.</summary>
internal interface IRecordFiles
{
    /// <summary>Gets whether another process may be reading and removing them, too.</summary>
    bool MayVanish { get; }

    /// <summary>
    /// The file of a number, or the next behind it: how far it may be read and whether it grows, seen at one moment; null where there is
    /// none.
    /// </summary>
    SpoolFile? AtOrBehind(long number);

    /// <summary>Opens a file; null where it is gone. Whoever asks closes it, where <paramref name="isBorrowed"/> is false.</summary>
    SafeFileHandle? Open(long number, out bool isBorrowed);

    /// <summary>Ends a file that was read: it is removed, or stays where something in it is not dealt with.</summary>
    void Forget(long number, bool isRemoved);
}

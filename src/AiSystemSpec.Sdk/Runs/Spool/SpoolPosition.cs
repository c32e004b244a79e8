using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>
/// How far a folder's records were dealt with, and the last known offset of the database's clock, kept in a file of 24 bytes.
/// It may lag behind: what is replayed again is found in the table.
/// </summary>
internal sealed class SpoolPosition : IDisposable
{
    private const int Length = 24;
    private const long Unknown = long.MinValue;

    private readonly SafeFileHandle _file;

    public SpoolPosition(string path)
    {
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        Span<byte> bytes = stackalloc byte[Length];
        if (RandomAccess.Read(_file, bytes, 0) == Length)
        {
            FileNumber = BinaryPrimitives.ReadInt64LittleEndian(bytes);
            Offset = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
            var clock = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
            ClockOffset = clock == Unknown ? null : clock;
        }
    }

    public long FileNumber { get; private set; }

    public long Offset { get; private set; }

    /// <summary>Gets the offset of the database's clock, in ticks; null where it was never measured.</summary>
    public long? ClockOffset { get; private set; }

    public void RememberClock(long offset)
    {
        ClockOffset = offset;
        Write();
    }

    public void Advance(long file, long offset)
    {
        FileNumber = file;
        Offset = offset;
        Write();
    }

    public void Dispose() => _file.Dispose();

    private void Write()
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, FileNumber);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], Offset);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], ClockOffset ?? Unknown);
        RandomAccess.Write(_file, bytes, 0);
    }
}

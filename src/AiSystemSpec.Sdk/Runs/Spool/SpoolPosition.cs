using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>
/// How far a folder's records were dealt with, kept in a file of 16 bytes. It may lag behind: what is replayed again is found in the table.
/// </summary>
internal sealed class SpoolPosition : IDisposable
{
    private const int Length = 16;

    private readonly SafeFileHandle _file;

    public SpoolPosition(string path)
    {
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        Span<byte> bytes = stackalloc byte[Length];
        if (RandomAccess.Read(_file, bytes, 0) == Length)
        {
            FileNumber = BinaryPrimitives.ReadInt64LittleEndian(bytes);
            Offset = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        }
    }

    public long FileNumber { get; private set; }

    public long Offset { get; private set; }

    public void Advance(long file, long offset)
    {
        FileNumber = file;
        Offset = offset;
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, file);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], offset);
        RandomAccess.Write(_file, bytes, 0);
    }

    public void Dispose() => _file.Dispose();
}

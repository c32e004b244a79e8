using System.Buffers.Binary;
using AiSystemSpec.Sdk.Wire;
using Microsoft.Win32.SafeHandles;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>
/// How far a folder's rows were dealt with, how many there are, and the last known offset of the database's clock. It is a hint for the
/// next process: without it, or where it is damaged, everything is read from the start, and what was written already is found in the
/// table. So no failure to write it is one of the spool.
/// </summary>
internal sealed class SpoolPosition : IDisposable
{
    private const int Length = 56;
    private const long Unknown = long.MinValue;

    private readonly Lock _lock = new();
    private readonly string _path;
    private SafeFileHandle? _file;
    private bool _isClosed;

    public SpoolPosition(string path) => _path = path;

    private static ReadOnlySpan<byte> Magic => [0xF5, (byte)'A', (byte)'S', (byte)'P', (byte)'O', (byte)'S', 1, 0];

    /// <summary>Gets the place up to which all is dealt with; before the first row of a new folder.</summary>
    public SpoolPlace Place { get; private set; } = new(File: 0, Offset: 0, Ordinal: 1);

    /// <summary>Gets the number behind the last row that was appended, as far as known.</summary>
    public long EndOrdinal { get; private set; }

    /// <summary>Gets the offset of the database's clock, in ticks; null where it was never measured.</summary>
    public long? ClockOffset { get; private set; }

    /// <summary>Reads what an earlier process left.</summary>
    /// <returns>Whether it can be trusted.</returns>
    public bool TryRead()
    {
        Span<byte> bytes = stackalloc byte[Length];
        try
        {
            using var file = File.OpenHandle(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (RandomAccess.GetLength(file) != Length || RandomAccess.Read(file, bytes, 0) != Length)
            {
                return false;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }

        if (!bytes.StartsWith(Magic) || Checksum.Of(bytes[..48]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[48..]))
        {
            return false;
        }

        Place = new SpoolPlace(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]));
        EndOrdinal = BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]);
        var clock = BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]);
        ClockOffset = clock == Unknown ? null : clock;
        return true;
    }

    public void RememberClock(long offset) => Write(Place, EndOrdinal, offset);

    public void Advance(SpoolPlace place) => Write(place, Math.Max(EndOrdinal, place.Ordinal), ClockOffset);

    /// <summary>Remembers how many rows there are, so that a file that is cut short is noticed.</summary>
    public void RememberEnd(long ordinal)
    {
        if (ordinal > EndOrdinal)
        {
            Write(Place, ordinal, ClockOffset);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            _file?.Dispose();
        }
    }

    private void Write(SpoolPlace place, long endOrdinal, long? clockOffset)
    {
        lock (_lock)
        {
            (Place, EndOrdinal, ClockOffset) = (place, endOrdinal, clockOffset);
            Span<byte> bytes = stackalloc byte[Length];
            bytes.Clear();
            Magic.CopyTo(bytes);
            BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], place.File);
            BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], place.Offset);
            BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], place.Ordinal);
            BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], endOrdinal);
            BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], clockOffset ?? Unknown);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[48..], Checksum.Of(bytes[..48]));
            TryWrite(bytes);
        }
    }

    private void TryWrite(ReadOnlySpan<byte> bytes)
    {
        if (_isClosed)
        {
            return;
        }

        try
        {
            _file ??= SpoolFiles.Open(_path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.Write(_file, bytes, 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A full disk, a folder that is gone: the next process reads more than it needs.
        }
    }
}

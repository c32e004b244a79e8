using System.Buffers;

namespace AiSystemSpec.Sdk.Runs.Content;

/// <summary>
/// Keeps what is written up to a limit, and from there on only counts: JSON that will be cut is not held in memory as a whole.
/// </summary>
internal sealed class CountingBuffer(int limit) : IBufferWriter<byte>
{
    private byte[] _bytes = new byte[1_024];
    private int _kept;

    /// <summary>Gets how many bytes were written, kept or not.</summary>
    public long Count { get; private set; }

    public bool IsOverLimit => Count > limit;

    public ReadOnlySpan<byte> Kept => _bytes.AsSpan(0, _kept);

    public void Clear()
    {
        Count = 0;
        _kept = 0;
        if (_bytes.Length > 2 * limit)
        {
            _bytes = new byte[1_024]; // one large value must not keep its buffer for ever
        }
    }

    public void Advance(int count)
    {
        Count += count;
        _kept = IsOverLimit ? 0 : _kept + count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var needed = _kept + Math.Max(sizeHint, 256);
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
        }

        return _bytes.AsMemory(_kept);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}

using AiSystemSpec.Sdk.Runs.Spool;
using AiSystemSpec.Sdk.Runs.Writing;

namespace AiSystemSpec.Sdk.Tests.Runs;

public sealed class RowCodecTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Decode_returns_what_was_encoded(bool isFull)
    {
        var row = Row(isFull);
        var buffer = Array.Empty<byte>();
        var length = RowCodec.Encode(row, ref buffer);
        Assert.Equal(length, RowCodec.LengthOf(buffer));
        var read = RowCodec.Decode(buffer.AsSpan(0, length))!;
        Assert.Equal(
            (row.Id, row.RunId, row.Stage, row.Status, row.Attempts, row.ErrorSummary, row.Moment, row.GivenCreatedAt, row.MayExist),
            (read.Id, read.RunId, read.Stage, read.Status, read.Attempts, read.ErrorSummary, read.Moment, read.GivenCreatedAt, read.MayExist));
        Assert.Equal(row.InputRefs, read.InputRefs);
        Assert.Equal(row.OutputRefs, read.OutputRefs);
        Assert.Equal(row.Metrics, read.Metrics);
    }

    [Fact]
    public void Decode_returns_the_first_moment_of_all()
    {
        var row = Row(isFull: true, new DateTime(0, DateTimeKind.Utc));
        var buffer = Array.Empty<byte>();
        var length = RowCodec.Encode(row, ref buffer);
        Assert.Equal(row.GivenCreatedAt, RowCodec.Decode(buffer.AsSpan(0, length))!.GivenCreatedAt);
    }

    [Fact]
    public void Decode_recognises_every_changed_bit()
    {
        var buffer = Array.Empty<byte>();
        var length = RowCodec.Encode(Row(isFull: true), ref buffer);
        for (var bit = 32; bit < length * 8; bit++)
        {
            buffer[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(RowCodec.Decode(buffer.AsSpan(0, length)));
            buffer[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    private static StoredRow Row(bool isFull, DateTime? createdAt = null) => new()
    {
        Id = Guid.NewGuid(),
        RunId = "run 😀",
        Stage = "stage",
        Status = "success",
        Attempts = 3,
        Moment = 638_000_000_000_000_000,
        ErrorSummary = isFull ? "ü" : null,
        InputRefs = isFull ? [1, 2] : null,
        OutputRefs = isFull ? [] : null,
        Metrics = isFull ? [3] : null,
        GivenCreatedAt = createdAt ?? (isFull ? new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc) : null),
        MayExist = isFull,
    };
}

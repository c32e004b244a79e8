using AiSystemSpec.Sdk.Runs.Formatting;
using AiSystemSpec.Sdk.Runs.Spool;
using Xunit.Abstractions;

namespace AiSystemSpec.Sdk.Tests.Runs;

public sealed class RowCodecTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Decode_returns_what_was_encoded(bool isFull)
    {
        var row = Row(isFull);
        var read = RowCodec.Decode(Payload(row))!;
        Assert.Equal(
            (row.Id, row.RunId, row.Stage, row.Status, row.Attempts, row.ErrorSummary, row.Moment, row.GivenCreatedAt, row.MayExist),
            (read.Id, read.RunId, read.Stage, read.Status, read.Attempts, read.ErrorSummary, read.Moment, read.GivenCreatedAt, read.MayExist));
        Assert.Equal(row.InputRefs, read.InputRefs);
        Assert.Equal(row.OutputRefs, read.OutputRefs);
        Assert.Equal(row.Metrics, read.Metrics);
    }

    [Fact]
    public void Decode_of_bytes_that_are_no_row_returns_none()
    {
        var payload = Payload(Row(isFull: true));
        for (var length = 0; length < payload.Length; length++)
        {
            Assert.Null(RowCodec.Decode(payload.AsSpan(0, length)));
        }

        var random = new Random(RandomSeed.Take(output.WriteLine));
        for (var trial = 0; trial < 10_000; trial++)
        {
            random.NextBytes(payload);
            _ = RowCodec.Decode(payload); // whatever it is, it is no exception
        }
    }

    [Fact]
    public void Moment_of_year_1_that_the_caller_gave_is_one()
    {
        var row = Row(isFull: false, DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc));
        Assert.Equal(row.GivenCreatedAt, RowCodec.Decode(Payload(row))!.GivenCreatedAt);
    }

    private static byte[] Payload(StoredRow row)
    {
        var buffer = Array.Empty<byte>();
        var length = RowCodec.Encode(row, ref buffer);
        return buffer[RecordFrame.Length..length];
    }

    private static StoredRow Row(bool isFull, DateTime? given = null) => new()
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
        GivenCreatedAt = given ?? (isFull ? new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc) : null),
        MayExist = isFull,
    };
}

using System.Text;
using AiSystemSpec.Sdk.Runs.Formatting;
using AiSystemSpec.Sdk.Runs.Spool;
using AiSystemSpec.Sdk.Wire;

namespace AiSystemSpec.Sdk.Tests.Runs.Spool;

/// <summary>Version 1 of the files as bytes: what a process left before an update is read after it.</summary>
public sealed class GoldenFileTests
{
    private const string Folder = "writer-0199f0a2b3c47d5e8f90a1b2c3d4e5f6";

    private static readonly string Golden = Path.Combine(AppContext.BaseDirectory, "Runs", "Spool", "Golden", "v1", Folder);

    private static readonly DatabaseIdentity Owner = new(
        "postgresql://app@db1:5432,db2:5432/factory?registration=String%3Asecond",
        new ServerDatabase(7_412_345_678_901_234_567, 16_385),
        new Guid("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"));

    [Fact]
    public void Header_is_written_as_it_stands_in_the_golden_file()
    {
        var golden = File.ReadAllBytes(Path.Combine(Golden, "0000000001.rows"));
        var header = new FileHeader(Owner, "host/boot/pid:[4026531836] 4711 123456", FirstOrdinal: 1);
        Assert.Equal(Convert.ToHexString(golden.AsSpan(0, header.ToBytes().Length)), Convert.ToHexString(header.ToBytes()));
        Assert.Equal(HeaderState.Sound, FileHeader.Read(golden, out var read, out var length));
        Assert.Equal((header, header.ToBytes().Length), (read, length));
    }

    [Fact]
    public void Records_are_written_as_they_stand_in_the_golden_file() =>
        Assert.Equal(Convert.ToHexString(File.ReadAllBytes(Path.Combine(Golden, "0000000001.rows"))), Convert.ToHexString(FileBytes()));

    [Fact]
    public void Folder_of_version_1_is_replayed()
    {
        using var bench = new SpoolBench();
        var folder = Directory.CreateDirectory(Path.Combine(bench.Path, Folder)).FullName;
        foreach (var file in Directory.EnumerateFiles(Golden))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        var look = FolderLook.At(Assert.Single(SpoolFolder.In(bench.Path)));
        Assert.Equal((FolderState.Left, Owner), (look.State, look.Owner));
        Assert.Equal([1, 2, 3], bench.Replay());
    }

    [Fact]
    public void File_of_a_later_version_is_told_from_a_damaged_one()
    {
        using var bench = new SpoolBench();
        var folder = Directory.CreateDirectory(Path.Combine(bench.Path, Folder)).FullName;
        var path = Path.Combine(folder, "0000000001.rows");
        var bytes = File.ReadAllBytes(Path.Combine(Golden, "0000000001.rows"));
        File.Copy(Path.Combine(Golden, "lock"), Path.Combine(folder, "lock"));
        bytes[8] = 2;
        File.WriteAllBytes(path, bytes);
        Assert.NotEqual(FolderState.OtherVersion, FolderLook.At(new SpoolFolder(folder)).State); // one bit, and the checksum says so

        var length = BitConverter.ToInt32(bytes, 12);
        BitConverter.TryWriteBytes(bytes.AsSpan(length - 4), Checksum.Of(bytes.AsSpan(0, length - 4)));
        File.WriteAllBytes(path, bytes);
        Assert.Equal(FolderState.OtherVersion, FolderLook.At(new SpoolFolder(folder)).State);
    }

    [Fact]
    public void Checksum_is_Castagnoli_s() => Assert.Equal(0xE3069283u, Checksum.Of("123456789"u8));

    private static byte[] FileBytes()
    {
        var bytes = new List<byte>(new FileHeader(Owner, "host/boot/pid:[4026531836] 4711 123456", FirstOrdinal: 1).ToBytes());
        var buffer = Array.Empty<byte>();
        foreach (var row in Rows())
        {
            var length = RowCodec.Encode(row, ref buffer);
            var record = buffer.AsSpan(0, length);
            RecordFrame.Seal(record, row.Attempts, Checksum.Of(record[RecordFrame.Length..]));
            bytes.AddRange(record);
        }

        return [.. bytes];
    }

    private static IEnumerable<StoredRow> Rows() =>
    [
        new()
        {
            Id = new Guid("01997b5e-1c2d-7abc-8def-0123456789ab"), RunId = "run 😀", Stage = "research", Status = "success", Attempts = 1,
            Moment = 638_900_000_000_000_000, InputRefs = Encoding.UTF8.GetBytes("""{"topic":"solar sails"}"""), Metrics = Encoding.UTF8.GetBytes("""{"tokens":7}"""),
        },
        new() { Id = new Guid("01997b5e-1c2d-7abc-8def-0123456789ac"), RunId = "r", Stage = "s", Status = "failure", Attempts = 2, Moment = 1, ErrorSummary = "it broke" },
        new()
        {
            Id = new Guid("01997b5e-1c2d-7abc-8def-0123456789ad"), RunId = "", Stage = "", Status = "skipped", Attempts = 3, Moment = 2, OutputRefs = [],
            GivenCreatedAt = new DateTime(1, 1, 1, 0, 0, 0, DateTimeKind.Utc), MayExist = true, HasCallersId = true,
        },
    ];
}

namespace AiSystemSpec.Sdk.Tests.Runs.Spool;

/// <summary>Whatever one change does to a folder's files, each row is read, or counted as lost.</summary>
public sealed class SpoolDamageTests
{
    private const int Rows = 8;

    [Fact]
    public void One_bit_anywhere_in_any_file_costs_one_row_at_most_and_that_is_counted()
    {
        using var original = new SpoolBench();
        original.Leave(Rows);
        var files = Directory.EnumerateFiles(original.Path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(original.Path, file)).Order().ToList();
        Assert.Equal(3, files.Count); // rows, lock, position
        foreach (var file in files)
        {
            var bits = new FileInfo(Path.Combine(original.Path, file)).Length * 8;
            for (var bit = 0; bit < bits; bit += 41) // a prime: it comes by every place of a byte
            {
                using var bench = new SpoolBench();
                original.Copy(bench.Path);
                Flip(Path.Combine(bench.Path, file), bit);

                var read = bench.Replay();

                Assert.True(read.Count + bench.State.Lost == Rows && bench.State.Lost <= 1, $"{file}, bit {bit}: {read.Count} read, {bench.State.Lost} counted");
                Assert.Equal(read.Count, read.Distinct().Count());
                Assert.True(bench.State.Lost == 0 || bench.Kept.Count == 1, $"{file}, bit {bit}: nothing of the damage is kept");
            }
        }
    }

    [Fact]
    public void One_bit_in_a_living_process_s_file_costs_one_row_at_most_and_that_is_counted()
    {
        for (var bit = 0; bit < 1_600; bit += 23)
        {
            using var bench = new SpoolBench();
            using var own = bench.Open();
            Fill(own);
            Flip(bench.RowFiles[0], bit);

            var read = SpoolBench.Drain(own);

            Assert.True(read.Count + bench.State.Lost == Rows && bench.State.Lost <= 1, $"bit {bit}: {read.Count} read, {bench.State.Lost} counted");
            Assert.Equal(0, own.Waiting);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void File_cut_anywhere_costs_what_is_counted(bool isLiving)
    {
        using var original = new SpoolBench();
        original.Leave(Rows);
        var length = new FileInfo(original.RowFiles[0]).Length;
        for (var cut = 0L; cut < length; cut += 13)
        {
            using var bench = new SpoolBench();
            using var own = isLiving ? bench.Open() : null;
            Fill(own);
            if (own is null)
            {
                original.Copy(bench.Path);
            }

            Cut(bench.RowFiles[0], cut);
            var read = own is null ? bench.Replay() : SpoolBench.Drain(own);

            Assert.Equal(Rows, read.Count + bench.State.Lost);
            Assert.Equal(Enumerable.Range(1, read.Count), read);
        }
    }

    [Fact]
    public void Bytes_taken_out_of_the_middle_cost_the_rows_they_were_of()
    {
        using var original = new SpoolBench();
        original.Leave(Rows);
        var bytes = File.ReadAllBytes(original.RowFiles[0]);
        for (var at = 300; at < bytes.Length - 40; at += 23)
        {
            using var bench = new SpoolBench();
            original.Copy(bench.Path);
            File.WriteAllBytes(bench.RowFiles[0], [.. bytes[..at], .. bytes[(at + 40)..]]);

            var read = bench.Replay();

            Assert.Equal(Rows, read.Count + bench.State.Lost);
            Assert.InRange(bench.State.Lost, 1, 2);
        }
    }

    [Fact]
    public void Missing_file_in_the_middle_is_counted_by_the_rows_it_held()
    {
        using var bench = new SpoolBench();
        bench.Leave(200, maxBytes: 64 << 10); // several files
        Assert.True(bench.RowFiles.Count > 3);
        File.Delete(bench.RowFiles[1]);

        var read = bench.Replay();

        Assert.InRange(bench.State.Lost, 1, 100);
        Assert.Equal(200, read.Count + bench.State.Lost);
        Assert.Equal(read.Distinct().Order(), read);
    }

    [Fact]
    public void Record_that_a_killed_process_had_begun_is_no_damage()
    {
        using var bench = new SpoolBench();
        bench.Leave(Rows);
        var bytes = File.ReadAllBytes(bench.RowFiles[0]);
        File.WriteAllBytes(bench.RowFiles[0], [.. bytes, .. bytes[^60..^10]]); // no mark at its beginning: damage, of a row that nobody has counted

        Assert.Equal(Rows, bench.Replay().Count);
        Assert.Equal(0, bench.State.Lost);
    }

    [Fact]
    public void Batch_that_is_read_again_reports_its_damage_once()
    {
        using var bench = new SpoolBench();
        using var own = bench.Open();
        Fill(own);
        Flip(bench.RowFiles[0], 8 * (new FileInfo(bench.RowFiles[0]).Length - 4));

        for (var again = 0; again < 3; again++)
        {
            Assert.Equal(Rows - 1, own.Read(100, long.MaxValue).Count);
        }

        Assert.Equal(Rows, own.Release());
        Assert.Equal(1, bench.State.Lost);
        _ = Assert.Single(bench.Kept);
    }

    [Fact]
    public void Rows_that_are_read_again_come_in_the_same_order_and_with_those_behind_them()
    {
        using var bench = new SpoolBench();
        using var own = bench.Open();
        Fill(own);
        Assert.Equal(Enumerable.Range(1, 5), own.Read(5, long.MaxValue).Select(row => row.Attempts));
        Assert.Equal(Enumerable.Range(1, 8), own.Read(10, long.MaxValue).Select(row => row.Attempts));
        Assert.Equal([1], own.Read(10, maxBytes: 1).Select(row => row.Attempts));
    }

    private static void Fill(AiSystemSpec.Sdk.Runs.Spool.OwnSpool? own)
    {
        for (var number = 1; own is not null && number <= Rows; number++)
        {
            Assert.True(own.TryAppend(SpoolBench.Row(number)));
        }
    }

    private static void Flip(string path, long bit)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Position = bit / 8;
        var value = file.ReadByte();
        file.Position = bit / 8;
        file.WriteByte((byte)(value ^ (1 << (int)(bit % 8))));
    }

    private static void Cut(string path, long length)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.SetLength(length);
    }
}

using AiSystemSpec.Sdk.Runs.Spool;

namespace AiSystemSpec.Sdk.Tests.Runs.Spool;

public sealed class FolderLockTests
{
    private static readonly WriterProcess Elsewhere = new("another-machine/boot/pid:[1]", Environment.ProcessId, 42);

    [Fact]
    public void Folder_of_a_living_process_is_held_and_of_one_that_left_it_is_not()
    {
        using var bench = new SpoolBench();
        using (var own = bench.Open())
        {
            Assert.True(own.TryAppend(SpoolBench.Row(1)));
            Assert.Equal(FolderState.Held, Look(bench).State);
            Assert.Null(LeftSpool.TryTake(Look(bench), damage: null!, () => true));
        }

        Assert.Equal(FolderState.Left, Look(bench).State);
    }

    [Fact]
    public void Process_that_has_the_id_of_a_dead_one_does_not_live_in_its_stead()
    {
        using var bench = new SpoolBench();
        bench.Leave(1);
        Claim(bench, WriterProcess.Current with { Started = WriterProcess.Current.Started - 1 });
        Assert.Equal(FolderState.Left, Look(bench).State);
    }

    [Fact]
    public void Process_of_another_machine_lives_while_its_heart_beats_whatever_its_id()
    {
        using var bench = new SpoolBench();
        bench.Leave(1);
        Claim(bench, Elsewhere);
        Assert.Equal(FolderState.Held, Look(bench).State);

        foreach (var file in Directory.EnumerateFiles(bench.Path, "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file) - FolderLock.Patience);
        }

        Directory.SetLastWriteTimeUtc(Assert.Single(Directory.EnumerateDirectories(bench.Path)), DateTime.UnixEpoch);
        Assert.Equal(FolderState.Left, Look(bench).State);
        Assert.Equal([1], bench.Replay());
    }

    [Fact]
    public void Folder_without_a_lock_is_judged_by_what_its_files_say()
    {
        using var bench = new SpoolBench();
        bench.Leave(3);
        File.Delete(Path.Combine(Assert.Single(Directory.EnumerateDirectories(bench.Path)), "lock"));
        Assert.Equal(FolderState.Left, Look(bench).State); // this process wrote it, and holds it no longer
        Assert.Equal([1, 2, 3], bench.Replay());
    }

    [Fact]
    public void Claim_is_read_as_it_was_written_and_not_where_a_bit_is_wrong()
    {
        using var bench = new SpoolBench();
        var path = Path.Combine(bench.Path, "claim");
        var claim = new FolderClaim(Elsewhere, SpoolBench.Target, IsReleased: true);
        File.WriteAllBytes(path, claim.ToBytes());
        Assert.Equal(claim, FolderClaim.TryRead(path));
        for (var bit = 0; bit < claim.ToBytes().Length * 8; bit++)
        {
            var bytes = claim.ToBytes();
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(path, bytes);
            Assert.Null(FolderClaim.TryRead(path));
        }
    }

    private static FolderLook Look(SpoolBench bench) => FolderLook.At(Assert.Single(SpoolFolder.In(bench.Path)));

    private static void Claim(SpoolBench bench, WriterProcess process) =>
        File.WriteAllBytes(Assert.Single(SpoolFolder.In(bench.Path)).LockPath, new FolderClaim(process, SpoolBench.Target, IsReleased: false).ToBytes());
}

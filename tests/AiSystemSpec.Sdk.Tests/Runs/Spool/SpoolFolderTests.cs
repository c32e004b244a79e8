using System.Collections.Concurrent;
using AiSystemSpec.Sdk.Runs.Spool;

namespace AiSystemSpec.Sdk.Tests.Runs.Spool;

public sealed class SpoolFolderTests
{
    [Fact]
    public async Task Row_appended_while_a_file_ends_under_the_reader_is_read()
    {
        const int Threads = 3;
        const int Each = 4_000;
        using var bench = new SpoolBench();
        using var own = bench.Open(maxBytes: 1L << 20); // files of 64 KB
        var read = new ConcurrentBag<int>();
        var isDone = false;
        var reader = Task.Run(() =>
        {
            while (!Volatile.Read(ref isDone) || own.Waiting > 0)
            {
                SpoolBench.Drain(own, batch: 50).ForEach(read.Add);
            }
        });
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (var number = 0; number < Each; number++)
            {
                while (!own.TryAppend(SpoolBench.Row((thread * Each) + number)))
                {
                    Thread.Yield(); // full for a moment
                }
            }
        })));
        Volatile.Write(ref isDone, true);
        await reader;

        Assert.Equal(Enumerable.Range(0, Threads * Each), read.Order());
        Assert.Equal(0, bench.State.Lost);
    }

    [Fact]
    public void Full_spool_is_freed_by_reading_and_used_again()
    {
        using var bench = new SpoolBench();
        using var own = bench.Open(maxBytes: 20_000);
        for (var round = 1; round <= 20; round++)
        {
            var appended = 0;
            while (own.TryAppend(SpoolBench.Row(++appended)))
            {
            }

            Assert.True(bench.RowFiles.Sum(file => new FileInfo(file).Length) <= 20_000);
            Assert.InRange(appended, 100, 200);
            Assert.Equal(Enumerable.Range(1, appended - 1), SpoolBench.Drain(own));
        }
    }

    [Fact]
    public void Folder_removed_under_the_process_can_still_be_read()
    {
        using var bench = new SpoolBench();
        using var own = bench.Open(maxBytes: 1L << 20);
        for (var number = 1; number <= 2_000; number++)
        {
            Assert.True(own.TryAppend(SpoolBench.Row(number)));
        }

        Directory.Delete(own.Path, recursive: true);
        own.Tend();

        Assert.True(own.IsGone);
        Assert.Equal(Enumerable.Range(1, 2_000), SpoolBench.Drain(own));
    }

    [Fact]
    public void Lock_removed_under_the_process_is_noticed()
    {
        using var bench = new SpoolBench();
        using var own = bench.Open();
        own.Tend();
        Assert.False(own.IsGone);
        File.Delete(Path.Combine(own.Path, "lock"));
        own.Tend();
        Assert.True(own.IsGone);
    }

    [Fact]
    public void Files_and_folders_are_their_owner_s_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // rights are inherited from the directory there
        }

        using var bench = new SpoolBench();
        bench.Leave(3);
        var folder = Assert.Single(Directory.EnumerateDirectories(bench.Path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Theory]
    [InlineData("copy of 0000000001.rows")]
    [InlineData("notes.rows")]
    [InlineData("0000000009.rows")]
    [InlineData("1.rows")]
    public void Stray_file_in_a_folder_stays_as_it_is_and_stops_nothing(string name)
    {
        using var bench = new SpoolBench();
        bench.Leave(5);
        var stray = Path.Combine(Assert.Single(Directory.EnumerateDirectories(bench.Path)), name);
        File.WriteAllText(stray, "not a row at all, but something that someone wants to keep");

        Assert.Equal(5, bench.Replay().Count);
        Assert.Equal("not a row at all, but something that someone wants to keep", File.ReadAllText(stray));
        Assert.Equal([stray], Directory.EnumerateFiles(Path.GetDirectoryName(stray)!).Where(file => Path.GetFileName(file) is not ("lock" or "position")));
    }

    [Fact]
    public void Number_that_someone_else_took_is_passed_over()
    {
        using var bench = new SpoolBench();
        using var own = bench.Open(maxBytes: 1L << 20);
        File.WriteAllText(Path.Combine(own.Path, "0000000001.rows"), "mine");
        _ = Directory.CreateDirectory(Path.Combine(own.Path, "0000000002.rows"));
        Assert.True(own.TryAppend(SpoolBench.Row(1)));
        Assert.Equal([1], SpoolBench.Drain(own));
    }

    [Fact]
    public void Other_folder_with_a_lock_is_none_of_ours()
    {
        using var bench = new SpoolBench();
        foreach (var name in new[] { "theirs", "writer-of-someone", $"writer-{Guid.NewGuid()}", Guid.NewGuid().ToString("N") })
        {
            var theirs = Directory.CreateDirectory(Path.Combine(bench.Path, name)).FullName;
            File.WriteAllText(Path.Combine(theirs, "lock"), "");
            File.WriteAllText(Path.Combine(theirs, "0000000001.rows"), "theirs");
        }

        Assert.Empty(SpoolFolder.In(bench.Path));
    }
}

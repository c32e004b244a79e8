using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Runs.Formatting;
using AiSystemSpec.Sdk.Runs.Queue;
using AiSystemSpec.Sdk.Runs.Spool;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiSystemSpec.Sdk.Tests.Runs.Spool;

/// <summary>A spool directory for one test, and what a process does in it, without a database.</summary>
internal sealed class SpoolBench : IDisposable
{
    public const string Target = "postgresql://app@localhost:5432/factory";

    public string Path { get; } = Directory.CreateTempSubdirectory("aispec-spool-").FullName;

    public RunLogState State { get; } = new(NullLogger.Instance, TimeProvider.System, new RunInstruments("test"));

    public DatabaseIdentity Owner { get; set; } = new(Target);

    public IReadOnlyList<string> RowFiles => [.. Directory.EnumerateFiles(Path, "*.rows", SearchOption.AllDirectories).Order()];

    public IReadOnlyList<string> Kept => [.. Directory.EnumerateFiles(Path, "damaged-*")];

    private SpoolDamage Damage => new(State, NullLogger.Instance);

    public static StoredRow Row(int number) => new()
    {
        Id = new Guid(number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
        RunId = "run",
        Stage = "stage ü",
        Status = "success",
        Attempts = number,
        Moment = 638_000_000_000_000_000 + number,
        InputRefs = [.. "{\"n\":"u8, .. "1}"u8],
    };

    public OwnSpool Open(long maxBytes = 1L << 30) => new(Path, new SpoolQuota(maxBytes), isForced: false, () => Owner, Damage, () => true);

    /// <summary>Leaves rows of a process that ended in order.</summary>
    public void Leave(int rows, long maxBytes = 1L << 30)
    {
        using var own = Open(maxBytes);
        for (var number = 1; number <= rows; number++)
        {
            Assert.True(own.TryAppend(Row(number)));
        }
    }

    /// <summary>Replays what is left in the one folder.</summary>
    public List<int> Replay(int batch = 7)
    {
        var numbers = new List<int>();
        var look = FolderLook.At(Assert.Single(SpoolFolder.In(Path)));
        var left = LeftSpool.TryTake(look, Damage, () => true) ?? throw new InvalidOperationException("The folder is held.");
        while (left.Read(batch, long.MaxValue) is { Count: > 0 } rows)
        {
            numbers.AddRange(rows.Select(row => row.Attempts));
            _ = left.Release();
        }

        _ = left.End();
        return numbers;
    }

    /// <summary>Drains a folder of this process.</summary>
    public static List<int> Drain(OwnSpool own, int batch = 7)
    {
        var numbers = new List<int>();
        while (own.Read(batch, long.MaxValue) is var rows && (rows.Count > 0 || own.HasMissing))
        {
            numbers.AddRange(rows.Select(row => row.Attempts));
            _ = own.Release();
        }

        return numbers;
    }

    public void Copy(string to)
    {
        foreach (var file in Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories))
        {
            var target = System.IO.Path.Combine(to, System.IO.Path.GetRelativePath(Path, file));
            _ = Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

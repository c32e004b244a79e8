using System.Diagnostics;
using System.Globalization;

namespace AiSystemSpec.Sdk.Benchmarks.RunLogs;

/// <summary>Ways of doing one work in turns: a slice each in every round, printed as medians beside the first.</summary>
internal sealed class Turns(string title, int calls, IReadOnlyList<(string Name, Func<int, Task> Slice, Func<Task> After)> peers)
{
    public async Task RunAsync(int rounds)
    {
        var slices = peers.Select(_ => new List<(double Nanoseconds, double Bytes)>()).ToList();
        for (var round = -1; round < rounds; round++)
        {
            for (var turn = 0; turn < peers.Count; turn++)
            {
                var place = (Math.Max(0, round) + turn) % peers.Count;
                var slice = await MeasureAsync(peers[place]);
                if (round >= 0) // the first round warms up
                {
                    slices[place].Add(slice);
                }
            }
        }

        Print(rounds, slices);
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    private async Task<(double Nanoseconds, double Bytes)> MeasureAsync((string Name, Func<int, Task> Slice, Func<Task> After) peer)
    {
        GC.Collect();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var began = Stopwatch.GetTimestamp();
        var work = peer.Slice(calls);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - allocated; // what ends synchronously is the caller's own
        await work;
        var elapsed = Stopwatch.GetElapsedTime(began);
        await peer.After();
        return (elapsed.TotalNanoseconds / calls, (double)bytes / calls);
    }

    private void Print(int rounds, List<List<(double Nanoseconds, double Bytes)>> slices)
    {
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title} ({rounds} rounds of {calls:N0} a peer)"));
        Console.WriteLine($"  {"",-44}{"ns each",10}{"a second",12}{"time ratio",12}{"B/call",9}");
        for (var place = 0; place < peers.Count; place++)
        {
            var time = Median(slices[place].Select(slice => slice.Nanoseconds));
            var ratio = Median(slices[place].Zip(slices[0], (own, first) => own.Nanoseconds / first.Nanoseconds));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {peers[place].Name,-44}{time,10:N0}{1e9 / time,12:N0}{ratio,12:N2}{Median(slices[place].Select(slice => slice.Bytes)),9:N0}"));
        }
    }
}

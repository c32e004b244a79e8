using AiSystemSpec.Sdk.Runs.Secrets;
using Xunit.Abstractions;

namespace AiSystemSpec.Sdk.Tests.Runs.Secrets;

public sealed class LongRunsTests(ITestOutputHelper output)
{
    private static readonly char[] Blanks = [.. Enumerable.Range(0, ' ' + 1).Select(code => (char)code)];

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(200)]
    public void A_run_is_found_wherever_it_stands(int length)
    {
        for (var before = 0; before < 70; before++)
        {
            var run = new string('x', length);
            Assert.Equal(length < LongRuns.Shortest ? [] : [run], Take($"{new string(' ', before)}{run} y"));
            Assert.Equal(length < LongRuns.Shortest ? [] : [run], Take($"{new string('\n', before)}{run}"));
        }
    }

    [Fact]
    public void All_runs_are_found_in_every_text()
    {
        var random = new Random(RandomSeed.Take(output.WriteLine));
        for (var trial = 0; trial < 20_000; trial++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(300)).Select(_ => Sign(random))]);
            Assert.Equal(text.Split(Blanks).Where(run => run.Length >= LongRuns.Shortest), Take(text));
        }
    }

    /// <summary>Every sign that could be taken for a blank when it is made narrower is among them.</summary>
    private static char Sign(Random random) => random.Next(18) switch
    {
        0 => Blanks[random.Next(Blanks.Length)],
        1 => (char)random.Next(char.MaxValue + 1),
        2 => (char)(random.Next(256) << 8),
        _ => 'k',
    };

    private static List<string> Take(ReadOnlySpan<char> text)
    {
        var runs = new List<string>();
        while (LongRuns.TryTake(ref text, out var run))
        {
            runs.Add(run.ToString());
        }

        return runs;
    }
}

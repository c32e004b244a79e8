using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using CsCheck;
using Xunit.Abstractions;

namespace AiSystemSpec.Sdk.IntegrationTests.Scripts.Changes;

/// <summary>Random interleavings of writers and readers against a list of what was committed; shrunk where one script is missed.</summary>
public sealed class InterleavingTests(FeedServer server, ITestOutputHelper output) : IClassFixture<FeedServer>
{
    private static readonly Gen<FeedStep> AnyStep = Gen.Select(
        Gen.Frequency(
            [
                .. Enum.GetValues<FeedStepKind>().Select(kind => (kind switch { FeedStepKind.Insert or FeedStepKind.Begin or FeedStepKind.Look or FeedStepKind.LookOnce => 4, FeedStepKind.Commit => 3, FeedStepKind.Freeze => 1, _ => 2 }, (IGen<FeedStepKind>)Gen.Const(kind))),
            ]),
        Gen.Int[0, 11],
        Gen.Int[1, 5],
        (kind, who, size) => new FeedStep(kind, who, size));

    [Fact]
    public Task No_script_is_missed() => TryAsync(20);

    [Fact]
    [Trait("Category", "Long")]
    public Task No_script_is_missed_in_any_of_many_interleavings() => TryAsync(Trials.Count(few: 20, full: 2_000));

    private async Task TryAsync(int interleavings)
    {
        var elsewhere = await server.CreateDatabaseAsync();
        var duplicates = 0;
        await AnyStep.List[10, 120].SampleAsync(
            async steps =>
            {
                await using var interleaving = await Interleaving.StartAsync(await server.CreateDatabaseAsync(), elsewhere);
                foreach (var step in steps)
                {
                    await interleaving.RunAsync(step);
                }

                Assert.Equal<string>([], await interleaving.FinishAsync());
                duplicates += interleaving.Duplicates;
            },
            iter: interleavings,
            threads: 1,
            print: steps => string.Join(", ", steps.Select(step => $"{step.Kind} {step.Who} {step.Size}")));
        output.WriteLine($"{interleavings} interleavings: nothing missed, {duplicates} came more than once (older cursors, open transactions)");
    }
}

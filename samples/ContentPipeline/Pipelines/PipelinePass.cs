using ContentPipeline.Input;

namespace ContentPipeline.Pipelines;

/// <summary>Runs all items once, several at a time. An item that fails ends its own run only.</summary>
internal sealed class PipelinePass(DocumentPipeline documents, ArtifactPipeline artifacts)
{
    private const int MaxParallelRuns = 4;

    /// <summary>Runs the items.</summary>
    /// <param name="batch">What the ids of this pass' runs begin with.</param>
    /// <param name="items">What to run.</param>
    /// <param name="onRunEnded">Told of each run as it ends; called by one thread at a time.</param>
    /// <param name="cancellationToken">Ends the pass.</param>
    /// <returns>The reports, in the order of the items.</returns>
    public async Task<IReadOnlyList<RunReport>> RunAsync(
        string batch, IReadOnlyList<InputItem> items, Action<RunReport> onRunEnded, CancellationToken cancellationToken)
    {
        var reports = new RunReport[items.Count];
        var ending = new Lock();
        await Parallel.ForAsync(0, items.Count, new ParallelOptions { MaxDegreeOfParallelism = MaxParallelRuns, CancellationToken = cancellationToken }, async (index, token) =>
        {
            var report = await RunAsync($"{batch}/{items[index].Id}", items[index], token);
            reports[index] = report;
            lock (ending)
            {
                onRunEnded(report);
            }
        });
        return reports;
    }

    private async Task<RunReport> RunAsync(string runId, InputItem item, CancellationToken cancellationToken)
    {
        try
        {
            var done = item switch
            {
                DocumentItem document => await documents.RunAsync(runId, document, cancellationToken),
                ArtifactsItem set => await artifacts.RunAsync(runId, set, cancellationToken),
                _ => throw new InvalidOperationException($"There is no pipeline for {item}."),
            };
            return new RunReport(runId, item.Id, done, Error: null);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new RunReport(runId, item.Id, Done: null, exception.Message);
        }
    }
}

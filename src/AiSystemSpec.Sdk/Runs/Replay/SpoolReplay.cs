using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Runs.Queue;
using AiSystemSpec.Sdk.Runs.Spool;
using AiSystemSpec.Sdk.Runs.Writing;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Runs.Replay;

/// <summary>Writes the rows of left folders into a database that an operator names, whatever database they were meant for.</summary>
internal sealed class SpoolReplay(Database database, TimeProvider timeProvider, ILogger logger)
{
    // Only a database that stays away ends it before all is written, and that at once.
    private static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    /// <param name="path">A spool directory, or one writer's folder in it.</param>
    /// <param name="cancellationToken">Ends it; what was written is not read again.</param>
    public async Task<SpoolReplayResult> RunAsync(string path, CancellationToken cancellationToken)
    {
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var isFolder = SpoolFolder.IsName(path);
        var directory = isFolder ? Path.GetDirectoryName(path)! : path;
        var looks = (isFolder ? [new SpoolFolder(path)] : SpoolFolder.In(directory)).Select(FolderLook.At).ToList();
        var state = new RunLogState(logger, timeProvider, new RunInstruments(database.Label));
        using var setAside = new SetAsideFile(directory, long.MaxValue, ConfiguredTarget.Of(database.DataSource.ConnectionString, ""), state, logger);
        using var queue = new ReplayQueue(
            database, looks.Where(look => look.State is FolderState.Left or FolderState.Unknown), new SpoolDamage(state, logger), setAside.TryFlush);
        await WriteAsync(queue, state, setAside, cancellationToken).ConfigureAwait(false);
        return new SpoolReplayResult(
            Math.Max(0, state.Written - queue.Existing),
            Math.Min(queue.Existing, state.Written),
            state.SetAside,
            state.Lost,
            queue.Waiting,
            queue.Replayed,
            [.. looks.Where(look => look.State == FolderState.Held).Select(look => look.Folder.Name), .. queue.InUse],
            [.. looks.Where(look => look.State is FolderState.OtherVersion or FolderState.Unreadable).Select(look => look.Folder.Name), .. queue.LeftAlone],
            queue.Waiting > 0 ? state.Error?.Message : null);
    }

    private async Task WriteAsync(ReplayQueue queue, RunLogState state, SetAsideFile setAside, CancellationToken cancellationToken)
    {
        var batches = new BatchWriter(database, new RunTable(database), new DatabaseClock(timeProvider, queue), state, new RowVerdict(state, setAside, logger));
        var writer = new BackgroundWriter(queue, batches, new FlushWaiters(), state, () => 0, timeProvider, logger);
        await using (writer.ConfigureAwait(false))
        {
            await writer.StopAsync(Patience).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}

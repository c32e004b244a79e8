using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Runs.Queue;
using AiSystemSpec.Sdk.Runs.Spool;
using AiSystemSpec.Sdk.Runs.Writing;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Runs;

/// <summary>Decides where background rows wait, and where refused ones go.</summary>
internal static class RowQueues
{
    public static (IRowQueue Queue, ISetAside SetAside) Create(
        RunLogOptions options, Database database, string registration, TimeOrderedIds ids, RowFormatter formatter, RunLogState state, TimeProvider timeProvider, ILogger logger)
    {
        var memory = new MemoryQueue(options.QueueCapacity, ids, formatter);
        if (options.SpoolDirectory is not { } directory)
        {
            return (memory, new CountedLoss(state, logger));
        }

        try
        {
            var parent = SpoolPaths.ParentOf(directory, registration, database.DataSource.ConnectionString);
            return (
                new SpoolQueue(parent, options, memory, ids, formatter, timeProvider, logger),
                new SetAsideFile(SpoolPaths.SetAsideIn(parent), options.SpoolMaxBytes, state, logger));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.SpoolFailed(logger, exception); // a disk that is full or closed must not stop the pipeline
            return (memory, new CountedLoss(state, logger));
        }
    }
}

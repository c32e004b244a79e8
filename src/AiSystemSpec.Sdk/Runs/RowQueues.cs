using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Runs.Formatting;
using AiSystemSpec.Sdk.Runs.Queue;
using AiSystemSpec.Sdk.Runs.Spool;
using Microsoft.Extensions.Logging;

namespace AiSystemSpec.Sdk.Runs;

/// <summary>Decides where background rows wait, and where refused ones go.</summary>
internal static class RowQueues
{
    public static (IRowQueue Queue, ISetAside SetAside) Create(
        RunLogOptions options, Database database, string registration, TimeOrderedIds ids, RowFormatter formatter, RunLogState state, TimeProvider timeProvider, ILogger logger)
    {
        if (options.SpoolDirectory is not { } directory)
        {
            return (new MemoryQueue(options.QueueCapacity, ids, formatter), new CountedLoss(state, logger));
        }

        directory = Path.GetFullPath(directory);
        var identity = new KnownIdentity(ConfiguredTarget.Of(database.DataSource.ConnectionString, registration), database);
        var setAside = new SetAsideFile(directory, options.SpoolMaxBytes, identity.Known.Target, state, logger);
        return (new SpoolQueue(directory, options, identity, setAside, ids, formatter, state, timeProvider, logger), setAside);
    }
}

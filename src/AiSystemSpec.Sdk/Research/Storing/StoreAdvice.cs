using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AiSystemSpec.Sdk.Research.Storing;

/// <summary>Says once, where an entry was stored but will not be found or not count as fresh, that each call pays, and what in the table is the cause.</summary>
internal sealed class StoreAdvice(Database database, ILogger logger)
{
    private int _saidMoment;
    private int _saidTopic;
    private int _saidContent;

    public ValueTask JudgeAsync(NpgsqlConnection connection, in WrittenEntry row, CancellationToken cancellationToken)
    {
        var clockError = row.ClockError is { } error && IsFirst(ref _saidMoment) ? error : (TimeSpan?)null;
        var hasOtherTopic = row.HasOtherTopic && IsFirst(ref _saidTopic);
        var hasOtherContent = row.HasOtherContent && IsFirst(ref _saidContent);
        return clockError is null && !hasOtherTopic && !hasOtherContent
            ? ValueTask.CompletedTask
            : SayAsync(connection, clockError, hasOtherTopic, hasOtherContent, cancellationToken);
    }

    private static bool IsFirst(ref int said) => Interlocked.Exchange(ref said, 1) == 0;

    private async ValueTask SayAsync(NpgsqlConnection connection, TimeSpan? clockError, bool hasOtherTopic, bool hasOtherContent, CancellationToken cancellationToken)
    {
        var table = await TableDescription.ReadAsync(database, connection, cancellationToken).ConfigureAwait(false);
        var refusers = table.Refusers ?? "nothing that is known";
        if (clockError is { } error)
        {
            var offset = error == TimeSpan.MinValue ? "no moment at all" : error < TimeSpan.Zero ? $"a moment {-error:d\\.hh\\:mm\\:ss} ago" : $"a moment in {error:d\\.hh\\:mm\\:ss}";
            Log.StoredEntryHasOtherMoment(logger, offset, table.CreatedAtDefault ?? "none", refusers);
        }

        if (hasOtherTopic)
        {
            Log.StoredEntryHasOtherTopic(logger, refusers);
        }

        if (hasOtherContent)
        {
            Log.StoredEntryHasOtherContent(logger, refusers);
        }
    }
}

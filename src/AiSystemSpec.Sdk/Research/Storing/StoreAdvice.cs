using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Diagnostics;
using AiSystemSpec.Sdk.Wire;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AiSystemSpec.Sdk.Research.Storing;

/// <summary>
/// Says once, where an entry was stored but will not be found or not count as fresh, that each call pays, and what in the table is the
/// cause.
/// </summary>
internal sealed class StoreAdvice(Database database, ILogger logger)
{
    /// <summary>How often the server is asked what was changed: there are no more than three things to say.</summary>
    private const int MostQuestions = 3;

    private int _questions;
    private int _saidMoment;
    private int _saidTopic;
    private int _saidContent;

    /// <summary>Judges an entry that was not stored as it was given; its content is the given one, its topic the stored one.</summary>
    public async ValueTask JudgeAsync(
        NpgsqlConnection connection, ResearchEntry entry, bool hasOtherTopic, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _questions) >= MostQuestions || Interlocked.Increment(ref _questions) > MostQuestions)
        {
            return;
        }

        var (now, hasContent) = await AskAsync(connection, entry, cancellationToken).ConfigureAwait(false);
        var offset = now is { } moment ? Describe(entry.CreatedAt, moment) : null;
        if (offset is null && !hasOtherTopic && hasContent is not false)
        {
            return;
        }

        var table = await TableDescription.ReadAsync(database, connection, cancellationToken).ConfigureAwait(false);
        var refusers = table.Refusers ?? "nothing that is known";
        if (offset is not null && IsFirst(ref _saidMoment))
        {
            Log.StoredEntryHasOtherMoment(logger, offset, table.CreatedAtDefault ?? "none", refusers);
        }

        if (hasOtherTopic && IsFirst(ref _saidTopic))
        {
            Log.StoredEntryHasOtherTopic(logger, refusers);
        }

        if (hasContent is false && IsFirst(ref _saidContent))
        {
            Log.StoredEntryHasOtherContent(logger, refusers);
        }
    }

    private static bool IsFirst(ref int said) => Interlocked.Exchange(ref said, 1) == 0;

    private static string? Describe(DateTimeOffset? createdAt, DateTimeOffset now) => createdAt switch
    {
        null => "no moment at all",
        { } moment when now - moment >= StoreSql.Tolerance => $"a moment {now - moment:d\\.hh\\:mm\\:ss} ago",
        { } moment when moment - now >= StoreSql.Tolerance / 2 => $"a moment in {moment - now:d\\.hh\\:mm\\:ss}", // some time has passed since
        _ => null,
    };

    private async Task<(DateTimeOffset? Now, bool? HasContent)> AskAsync(NpgsqlConnection connection, ResearchEntry entry, CancellationToken cancellationToken)
    {
        using var command = database.CreateCommand(connection, StoreSql.Compare);
        command.Parameters.Add(PgParameter.Uuid(entry.Id));
        command.Parameters.Add(PgParameter.Text(entry.Content));
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            return await reader.ReadAsync(cancellationToken).ConfigureAwait(false)
                ? (reader.GetMoment(0), !reader.IsDBNull(1) && reader.GetBoolean(1))
                : (null, null);
        }
    }
}

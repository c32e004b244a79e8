using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Runs.Formatting;
using AiSystemSpec.Sdk.Wire;
using Npgsql;

namespace AiSystemSpec.Sdk.Runs.Writing;

/// <summary>
/// Writes rows into <c>pipeline_runs</c> so that each is there once, however often it is sent, with a primary key on the table or
/// without.
/// </summary>
internal sealed class RunTable(Database database)
{
    // COPY is refused on views, too, and by whatever else stands where the table was: then it is not tried for ever.
    private const int MostCopyRefusals = 3;

    private readonly RunCopy _copy = new(database);
    private readonly MissingRows _missing = new(database);

    // Only the good answer is kept: a key may be added at any time.
    private volatile bool _isKeyed;
    private int _copyRefusals;

    /// <summary>Writes many rows, all or none.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="rows">The rows; each has its moment.</param>
    /// <param name="isSecured">Whether row level security applies to the role.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The rows whose id the table has with other content: they are not written.</returns>
    public async Task<IReadOnlyList<StoredRow>> WriteAsync(
        NpgsqlConnection connection, IReadOnlyList<StoredRow> rows, bool isSecured, CancellationToken cancellationToken)
    {
        var isKeyed = await IsKeyedAsync(connection, cancellationToken).ConfigureAwait(false);
        if (isKeyed && !rows.Any(row => row.MayExist))
        {
            try
            {
                await WriteNewAsync(connection, rows, isSecured, cancellationToken).ConfigureAwait(false);
                return [];
            }
            catch (PostgresException exception) when (string.Equals(exception.SqlState, PostgresErrorCodes.UniqueViolation, StringComparison.Ordinal))
            {
                // These statements know no ON CONFLICT, and wrote nothing.
            }
        }

        return await _missing.WriteAsync(connection, rows, isKeyed, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes one row.</summary>
    /// <returns>The row's <c>created_at</c>.</returns>
    /// <exception cref="InvalidOperationException">The table has the id with other content.</exception>
    public async ValueTask<DateTimeOffset?> WriteAsync(NpgsqlConnection connection, StoredRow row, CancellationToken cancellationToken)
    {
        var isKeyed = await IsKeyedAsync(connection, cancellationToken).ConfigureAwait(false);
        if (isKeyed)
        {
            using var insert = database.CreateCommand(connection, row.CreatedAt is null ? RunSql.Insert : RunSql.InsertAt);
            RowParameters.AddRow(insert.Parameters, row);
            if (await insert.ReadMomentAsync(cancellationToken).ConfigureAwait(false) is { Found: true, Moment: var inserted })
            {
                return inserted;
            }
        }

        var different = await _missing.WriteAsync(connection, [row], isKeyed, cancellationToken).ConfigureAwait(false);
        if (different.Count > 0)
        {
            throw new InvalidOperationException(
                $"pipeline_runs has a row with the id {row.Id} and other content. Give each entry an id of its own, or leave RunLogEntry.Id null to have one made.");
        }

        using var find = database.CreateCommand(connection, RunSql.FindCreatedAt);
        find.Parameters.Add(PgParameter.Uuid(row.Id));
        return (await find.ReadMomentAsync(cancellationToken).ConfigureAwait(false)).Moment;
    }

    /// <summary>Writes no row: throws what every row would meet, such as a missing right or table.</summary>
    public async Task WriteNoneAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var command = database.CreateCommand(connection, RunSql.InsertNone);
        _ = await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteNewAsync(
        NpgsqlConnection connection, IReadOnlyList<StoredRow> rows, bool isSecured, CancellationToken cancellationToken)
    {
        if (rows.Count == 1 || isSecured || _copyRefusals >= MostCopyRefusals)
        {
            await InsertNewAsync(connection, rows, cancellationToken).ConfigureAwait(false);
            return;
        }

        try
        {
            await _copy.WriteAsync(connection, rows, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.WrongObjectType
            or PostgresErrorCodes.InvalidBinaryRepresentation)
        {
            // A policy that came meanwhile, no table at all, or a number of another width (the attempts as bigint). Where it was a row's
            // trigger, the same error comes again.
            await InsertNewAsync(connection, rows, cancellationToken).ConfigureAwait(false);
            _copyRefusals++;
        }
    }

    private async Task InsertNewAsync(NpgsqlConnection connection, IReadOnlyList<StoredRow> rows, CancellationToken cancellationToken)
    {
        using var command = database.CreateCommand(connection, rows.Count == 1 ? RunSql.InsertNew : RunSql.InsertNewRows);
        if (rows.Count == 1)
        {
            RowParameters.AddRow(command.Parameters, rows[0]);
        }
        else
        {
            RowParameters.AddRows(command.Parameters, rows);
        }

        _ = await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<bool> IsKeyedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (!_isKeyed)
        {
            using var command = database.CreateCommand(connection, RunSql.IsKeyed);
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                _isKeyed = await reader.ReadAsync(cancellationToken).ConfigureAwait(false) && reader.GetBoolean(0);
            }
        }

        return _isKeyed;
    }
}

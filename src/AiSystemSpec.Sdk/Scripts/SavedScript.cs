using AiSystemSpec.Sdk.Connections;
using AiSystemSpec.Sdk.Specification;
using AiSystemSpec.Sdk.Wire;
using Npgsql;
using static AiSystemSpec.Sdk.Specification.Schema;

namespace AiSystemSpec.Sdk.Scripts;

/// <summary>What a repeated save finds where only the acknowledgement of the first was lost.</summary>
internal static class SavedScript
{
    private const string Sql = $"SELECT {Columns.CreatedAt}, {StandbyConfirmation.WaitSql} FROM {Schema.Name}.{Schema.Scripts} WHERE {Columns.Id} = $1";

    public static async Task<(bool IsFound, DateTimeOffset? CreatedAt)> FindAsync(
        Database database, NpgsqlConnection connection, Guid id, CancellationToken cancellationToken)
    {
        using var command = database.CreateCommand(connection, Sql);
        command.Parameters.Add(PgParameter.Uuid(id));
        return await command.ReadMomentAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Neither saved nor there.</summary>
    public static InvalidOperationException Refused() =>
        new("The script was refused by a unique index that is not the schema's. Drop the index, or save other content.");
}

using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections;

/// <summary>Lets the context's queries, the host's own LINQ among them, fail with what <see cref="AccessErrors"/> has to say.</summary>
internal sealed class AccessErrorInterceptor(Database database) : DbCommandInterceptor
{
    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) =>
        Task.Run(() => CommandFailedAsync(command, eventData, CancellationToken.None)).GetAwaiter().GetResult();

    public override async Task CommandFailedAsync(
        DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        if (eventData.Exception is PostgresException exception && await AccessErrors.ExplainAsync(database, exception, cancellationToken).ConfigureAwait(false) is { } explained)
        {
            throw explained;
        }
    }
}

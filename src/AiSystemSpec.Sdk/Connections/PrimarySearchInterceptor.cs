using System.Data.Common;
using AiSystemSpec.Sdk.Connections.Opening;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections;

/// <summary>
/// Sets off the search for a primary when a host's own LINQ finds none: it waits for nothing itself, but its next query finds what was
/// found.
/// </summary>
internal sealed class PrimarySearchInterceptor(PrimaryHost primary) : DbConnectionInterceptor
{
    public override void ConnectionFailed(DbConnection connection, ConnectionErrorEventData eventData)
    {
        if (eventData.Exception is NpgsqlException exception && NoPrimaryException.IsMeantBy(exception))
        {
            primary.BeginSearch();
        }
    }

    public override Task ConnectionFailedAsync(
        DbConnection connection, ConnectionErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        ConnectionFailed(connection, eventData);
        return Task.CompletedTask;
    }
}

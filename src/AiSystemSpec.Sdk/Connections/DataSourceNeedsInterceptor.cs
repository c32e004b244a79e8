using System.Data.Common;
using AiSystemSpec.Sdk.Connections.Opening;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections;

/// <summary>Looks at a host's data source for the host's own LINQ, too, which opens its connections itself.</summary>
internal sealed class DataSourceNeedsInterceptor(ConnectionSource source) : DbConnectionInterceptor
{
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) =>
        source.ThrowIfUnfit((NpgsqlConnection)connection);

    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }
}

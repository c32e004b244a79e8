using System.Transactions;
using Npgsql;

namespace AiSystemSpec.Sdk.Connections.Opening;

/// <summary>
/// Opens the connections of one data source: to the primary where there are several hosts, outside any ambient transaction (nothing here
/// takes part in a caller's), and, of a host's own data source, only such as can be worked with.
/// </summary>
internal sealed class ConnectionSource : IDisposable, IAsyncDisposable
{
    private readonly NpgsqlDataSource? _owned;
    private volatile bool _isFit;

    public ConnectionSource(NpgsqlDataSource dataSource, bool ownsDataSource, TimeProvider timeProvider)
    {
        _owned = ownsDataSource ? dataSource : null;
        _isFit = ownsDataSource;
        Original = dataSource;
        Primary = dataSource is NpgsqlMultiHostDataSource hosts ? new PrimaryHost(hosts, timeProvider) : null;
        DataSource = Primary?.DataSource ?? dataSource;
    }

    /// <summary>Gets the data source as it was given.</summary>
    public NpgsqlDataSource Original { get; }

    /// <summary>Gets the data source of what is opened here: that of the primary, where there are several hosts.</summary>
    public NpgsqlDataSource DataSource { get; }

    /// <summary>Gets the search for the primary; null where there is one host.</summary>
    public PrimaryHost? Primary { get; }

    /// <summary>Gets whether it is a host's own data source.</summary>
    public bool IsForeign => _owned is null;

    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) =>
        _isFit ? OpenUnseenAsync(cancellationToken) : OpenFitAsync(cancellationToken);

    /// <summary>Looks, once, whether a host's data source is one that can be worked with.</summary>
    /// <exception cref="InvalidOperationException">It is not; the message says what to set.</exception>
    public void ThrowIfUnfit(NpgsqlConnection connection)
    {
        if (!_isFit)
        {
            DataSourceNeeds.ThrowIfUnmet(DataSource, connection);
            _isFit = true;
        }
    }

    public void Dispose() => _owned?.Dispose();

    public ValueTask DisposeAsync() => _owned?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async ValueTask<NpgsqlConnection> OpenFitAsync(CancellationToken cancellationToken)
    {
        var connection = await OpenUnseenAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ThrowIfUnfit(connection);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private ValueTask<NpgsqlConnection> OpenUnseenAsync(CancellationToken cancellationToken) =>
        Transaction.Current is null ? ConnectAsync(cancellationToken) : ConnectAloneAsync(cancellationToken);

    private async ValueTask<NpgsqlConnection> ConnectAloneAsync(CancellationToken cancellationToken)
    {
        using var scope = new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);
        return await ConnectAsync(cancellationToken).ConfigureAwait(false);
    }

    private ValueTask<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken) =>
        Primary?.OpenAsync(cancellationToken) ?? DataSource.OpenConnectionAsync(cancellationToken);
}

namespace AiSystemSpec.Sdk.Testing.Servers;

/// <summary>A server that answers, however it was come by.</summary>
internal interface IPostgresServer
{
    string Source { get; }

    /// <summary>The database handed to the host.</summary>
    string ConnectionString { get; }

    /// <summary>The database that CREATE DATABASE is said in; not pooled.</summary>
    string MaintenanceConnectionString { get; }

    /// <summary>
    /// What is to be written to a database of ours, so that a later start knows whose it was; null where the server dies with us.
    /// </summary>
    string? DatabaseComment { get; }

    Task CrashAsync(CancellationToken cancellationToken);

    Task RestartAsync(CancellationToken cancellationToken);

    /// <summary>Ends and removes what is ours.</summary>
    /// <param name="databases">Those made with CREATE DATABASE, for a server that goes on without us.</param>
    Task EndAsync(IReadOnlyCollection<string> databases);

    /// <summary>The same for a process that ends: it waits for a short time only.</summary>
    void EndNow(IReadOnlyCollection<string> databases);
}

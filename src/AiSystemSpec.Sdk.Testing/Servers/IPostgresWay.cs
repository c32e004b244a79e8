namespace AiSystemSpec.Sdk.Testing.Servers;

/// <summary>One way to come by a server.</summary>
internal interface IPostgresWay
{
    PostgresWays Kind { get; }

    /// <summary>What the way is called in messages.</summary>
    string Name { get; }

    Task<IPostgresServer> StartAsync(EphemeralPostgresOptions options, CancellationToken cancellationToken);
}

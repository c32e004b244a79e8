namespace AiSystemSpec.Sdk.Connections.Opening;

/// <summary>What stands between us and the server.</summary>
internal enum PoolerMode
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A pooler that keeps a server's session for each of ours.</summary>
    Session,

    /// <summary>A pooler that changes the server's session between transactions.</summary>
    Transaction,
}

using AiSystemSpec.Sdk.Connections;

namespace AiSystemSpec.Sdk.Runs.Spool;

/// <summary>
/// What is known of the database so far: the target as configured, and from the first connection on what the server says.
/// </summary>
internal sealed class KnownIdentity(string target, Database database)
{
    private readonly IdentityLookup _lookup = new(database);
    private volatile DatabaseIdentity _known = new(target);
    private bool _isFound;

    public DatabaseIdentity Known => _known;

    /// <summary>Asks the server once.</summary>
    public ValueTask FindAsync(CancellationToken cancellationToken) => _isFound ? ValueTask.CompletedTask : AskAsync(cancellationToken);

    private async ValueTask AskAsync(CancellationToken cancellationToken)
    {
        _known = await _lookup.FindAsync(target, cancellationToken).ConfigureAwait(false);
        _isFound = true;
    }
}

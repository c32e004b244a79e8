namespace AiSystemSpec.Sdk;

/// <summary>What is done with several members of <see cref="IScriptStore"/>.</summary>
public static class ScriptStoreExtensions
{
    /// <summary>Restores an old version: appends its content anew, so that it is the newest. The history stays as it is.</summary>
    /// <param name="scripts">The script history.</param>
    /// <param name="id">The script to restore.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The new script.</returns>
    /// <exception cref="InvalidOperationException">There is no such script, or it has no content that could be saved.</exception>
    public static async Task<Script> RestoreAsync(this IScriptStore scripts, Guid id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scripts);
        var old = await scripts.GetAsync(id, cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidOperationException($"There is no script {id}. List the scripts, and restore one of them.");
        return string.IsNullOrWhiteSpace(old.Content)
            ? throw new InvalidOperationException($"The script {id} is blank, and a blank script is not saved. Restore another one.")
            : await scripts.SaveAsync(old.Content, cancellationToken).ConfigureAwait(false);
    }
}

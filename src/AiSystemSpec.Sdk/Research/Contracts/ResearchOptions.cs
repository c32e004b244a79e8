namespace AiSystemSpec.Sdk;

/// <summary>What one call of <see cref="IResearchCache.GetOrResearchAsync"/> asks for.</summary>
public sealed record ResearchOptions
{
    /// <summary>Gets how old an entry may be, more than zero.</summary>
    /// <value><see cref="AiSystemSpecOptions.MaxAge"/> (7 days) where null.</value>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Gets whether to research even where a fresh entry stands. Any research that began after the call satisfies it.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool ForceRefresh { get; init; }

    /// <summary>
    /// Gets how far past <see cref="MaxAge"/> an old entry may serve, after an error, <see cref="SoftTimeout"/> and
    /// <see cref="LockWait"/> alike.
    /// </summary>
    /// <value><see cref="AiSystemSpecOptions.ServeStaleFor"/> (zero: not at all) where null.</value>
    public TimeSpan? ServeStaleFor { get; init; }

    /// <summary>
    /// Gets how long to wait for research before a stale entry is served; the research goes on in the background and is stored.
    /// </summary>
    /// <value>No limit where null. Has no effect without an entry that may serve.</value>
    /// <remarks>
    /// The delegate then runs on after its caller has gone, so it must not use what ends with the caller's request. When it fails, callers
    /// with a soft timeout are served the stale entry at once, as <see cref="ResearchOutcome.StaleOnError"/> with that error, for a pause
    /// of 5 seconds, which doubles with each further failure up to 10 minutes. Callers without one, or with <see cref="ForceRefresh"/>,
    /// research all the same.
    /// </remarks>
    public TimeSpan? SoftTimeout { get; init; }

    /// <summary>
    /// Gets the fraction of <see cref="MaxAge"/>, between 0 and 1, from which on a hit is refreshed in the background by one caller.
    /// </summary>
    /// <value>Never where null.</value>
    /// <remarks>
    /// The delegate runs after its caller was served and may be gone, so it must not use what ends with the caller's request; it runs in
    /// an activity of its own, linked to the caller's, and outside of the caller's stage. When it fails, or its result is not stored, the
    /// topic is left alone for a pause of 5 seconds, which doubles with each further failure up to 10 minutes.
    /// </remarks>
    public double? EagerRefreshAt { get; init; }

    /// <summary>Gets how long to wait for another process's research of the topic before going on without it.</summary>
    /// <value><see cref="AiSystemSpecOptions.LockWait"/> (5 minutes) where null.</value>
    /// <remarks>
    /// It bounds the wait for a research of the same process, too. Where three of one topic are under way in the process and none ended
    /// in that time, no fourth is begun, and the call throws <see cref="TimeoutException"/>.
    /// </remarks>
    public TimeSpan? LockWait { get; init; }

    /// <summary>Gets a check of the stored content; content that fails it is a miss with reason <see cref="MissReason.Invalid"/>.</summary>
    /// <value>Everything that is not blank is valid where null.</value>
    public Func<string, bool>? IsValid { get; init; }
}

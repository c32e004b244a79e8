using AiSystemSpec.Sdk.Research.Table;
namespace AiSystemSpec.Sdk.Research.Flights;

/// <summary>One caller's options with the defaults filled in, checked, and what follows from them for an entry.</summary>
internal sealed class ResearchPolicy
{
    private readonly Func<string, bool>? _isValid;
    private readonly double? _eagerRefreshAt;

    private ResearchPolicy(ResearchOptions options, AiSystemSpecOptions defaults)
    {
        MaxAge = options.MaxAge ?? defaults.MaxAge;
        ServeStaleFor = options.ServeStaleFor ?? defaults.ServeStaleFor;
        LockWait = options.LockWait ?? defaults.LockWait;
        SoftTimeout = options.SoftTimeout;
        ForceRefresh = options.ForceRefresh;
        _isValid = options.IsValid;
        _eagerRefreshAt = options.EagerRefreshAt;
    }

    public TimeSpan MaxAge { get; }

    public TimeSpan ServeStaleFor { get; }

    public TimeSpan LockWait { get; }

    public TimeSpan? SoftTimeout { get; }

    public bool ForceRefresh { get; }

    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static ResearchPolicy Of(ResearchOptions? options, AiSystemSpecOptions defaults)
    {
        if (options is null)
        {
            return new ResearchPolicy(new ResearchOptions(), defaults);
        }

        Freshness.ThrowIfNotPositive(options.MaxAge, nameof(options));
        ThrowIfNegative(options.ServeStaleFor, nameof(ResearchOptions.ServeStaleFor), nameof(options));
        ThrowIfNegative(options.LockWait, nameof(ResearchOptions.LockWait), nameof(options));
        ThrowIfNegative(options.SoftTimeout, nameof(ResearchOptions.SoftTimeout), nameof(options));
        if (options.EagerRefreshAt is { } fraction && !(fraction is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(options), fraction, "ResearchOptions.EagerRefreshAt is a fraction of MaxAge: give a number between 0 and 1, such as 0.8.");
        }

        return new ResearchPolicy(options, defaults);
    }

    /// <summary>Why an entry as it was seen is not good enough; <see cref="MissReason.None"/> where it is.</summary>
    public MissReason MissReasonOf(Observation? seen) =>
        Freshness.MissReasonOf(seen, MaxAge) is var reason && reason == MissReason.None && !IsValid(seen!) ? MissReason.Invalid : reason;

    /// <summary>Whether an entry may serve past its age, when research failed or takes too long.</summary>
    public bool MayServeStale(Observation? seen, TimeSpan elapsed) =>
        ServeStaleFor > TimeSpan.Zero
        && seen is { IsBlank: false, Entry.CreatedAt: not null }
        && seen.Age + elapsed - MaxAge < ServeStaleFor
        && IsValid(seen);

    public bool WantsEagerRefresh(Observation seen) =>
        _eagerRefreshAt is { } fraction && seen.Age >= MaxAge * fraction;

    /// <summary>Whether the content passes the caller's own check.</summary>
    public bool IsValid(Observation seen) => _isValid is null || _isValid(seen.Entry.Content!);

    private static void ThrowIfNegative(TimeSpan? value, string option, string argumentName)
    {
        if (value < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(argumentName, value, $"ResearchOptions.{option} must be zero or more.");
        }
    }
}

using AiSystemSpec.Sdk.Connections.Opening;

namespace AiSystemSpec.Sdk.Migrations.Statements;

/// <summary>What succeeds or fails together: one transaction, or one statement outside.</summary>
/// <param name="Label">
/// What progress calls it: the migration that it belongs to; where it belongs to none, what it is for, such as a grant.
/// </param>
/// <param name="Statements">What is sent, BEGIN and COMMIT included.</param>
/// <param name="Index">The index that the statement is about, where it is about one.</param>
internal sealed record RunUnit(string Label, IReadOnlyList<string> Statements, IndexDefinition? Index = null)
{
    /// <summary>
    /// Begins every transaction: where the default is stricter, its first statement takes a snapshot for the whole of it, and a build of
    /// another session waits for that while this one waits for the build.
    /// </summary>
    public const string Begin = "BEGIN ISOLATION LEVEL READ COMMITTED;";

    /// <summary>Ends the limit that <see cref="SetLockTimeout"/> set.</summary>
    public const string ResetLockTimeout = "RESET lock_timeout;";

    /// <summary>Gets what an error calls it: by default a migration.</summary>
    public string Name { get; init; } = $"migration {Label}";

    /// <summary>Gets whether it builds its <see cref="Index"/>; else it drops what a broken build left of it.</summary>
    public bool IsCreation { get; init; }

    /// <summary>A transaction with a limit on every wait for a lock, and none on its work.</summary>
    public static RunUnit Transaction(string label, TimeSpan lockTimeout, params IEnumerable<string> statements) =>
        new(label, [Begin, $"SET LOCAL lock_timeout = {Milliseconds(lockTimeout)};", TimeLimits.LiftInTransaction, .. statements, "COMMIT;"]);

    public static RunUnit Alone(string label, string statement) => new(label, [statement]);

    /// <summary>Units outside of a transaction with a limit on their waits, and none on their work.</summary>
    public static IEnumerable<RunUnit> WithLimits(string label, TimeSpan limit, PoolerMode pooler, IEnumerable<RunUnit> units) => pooler == PoolerMode.Transaction
        ? units // a plain SET would reach the pooler's other clients; the wait is bounded from here then
        : [Alone(label, TimeLimits.Lift), Alone(label, SetLockTimeout(limit)), .. units, Alone(label, ResetLockTimeout), Alone(label, TimeLimits.Restore)];

    /// <summary>Limits the waits of what is sent outside of a transaction.</summary>
    public static string SetLockTimeout(TimeSpan limit) => $"SET lock_timeout = {Milliseconds(limit)};";

    public static string Milliseconds(TimeSpan value) =>
        ((long)value.TotalMilliseconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
}

using AiSystemSpec.Sdk.Migrations.Statements;

namespace AiSystemSpec.Sdk.Migrations.Running;

/// <summary>What succeeds or fails together: one transaction, or one statement outside.</summary>
/// <param name="MigrationId">The migration that it belongs to.</param>
/// <param name="Statements">What is sent, BEGIN and COMMIT included.</param>
/// <param name="Index">The index that the statement builds, where it builds one.</param>
internal sealed record RunUnit(string MigrationId, IReadOnlyList<string> Statements, IndexDefinition? Index = null)
{
    /// <summary>A transaction with a limit on every wait for a lock.</summary>
    public static RunUnit Transaction(string migrationId, TimeSpan lockTimeout, params IEnumerable<string> statements) =>
        new(migrationId, ["BEGIN;", $"SET LOCAL lock_timeout = {Milliseconds(lockTimeout)};", .. statements, "COMMIT;"]);

    public static RunUnit Alone(string migrationId, string statement) => new(migrationId, [statement]);

    public static string Milliseconds(TimeSpan value) => ((long)value.TotalMilliseconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
}

using System.Diagnostics;
using AiSystemSpec.Sdk.Migrations;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>How long each statement of a run took: until the next one began, or the run ended.</summary>
internal sealed class StatementTimes : IProgress<MigrationProgress>
{
    private const string Build = "CREATE INDEX CONCURRENTLY IF NOT EXISTS ";

    private readonly List<(string Sql, long At)> _begun = [];

    public void Report(MigrationProgress value) => _begun.Add((value.Sql, Stopwatch.GetTimestamp()));

    /// <summary>The indexes that were built, in their order; to be asked when the run has just ended.</summary>
    public IReadOnlyList<(string Index, TimeSpan Duration)> Indexes()
    {
        var ends = _begun.Skip(1).Select(next => next.At).Append(Stopwatch.GetTimestamp());
        return [.. _begun.Zip(ends).Where(pair => pair.First.Sql.StartsWith(Build, StringComparison.Ordinal))
            .Select(pair => (pair.First.Sql[Build.Length..].Split(' ', 2)[0], Stopwatch.GetElapsedTime(pair.First.At, pair.Second)))];
    }
}

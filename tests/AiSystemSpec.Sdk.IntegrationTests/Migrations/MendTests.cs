using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;
using AiSystemSpec.Sdk.Migrations;
using Npgsql;

namespace AiSystemSpec.Sdk.IntegrationTests.Migrations;

/// <summary>All SQL that adopt and verify offer runs on the database that it was offered for.</summary>
public sealed class MendTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int MostRounds = 4;

    public static TheoryData<string> Forms => [.. TableForms.All.Keys];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Every_mend_and_every_query_that_is_offered_for_a_form_runs_on_it(string form)
    {
        var (outcome, sql) = TableForms.All[form];
        var database = await postgres.CreateEmptyDatabaseAsync();
        await Sql.ExecuteAsync(database, FieldDatabases.Sql(sql));

        var first = await CompareAsync(database);
        for (var round = 0; round < MostRounds && await RunAsync(database, await CompareAsync(database), isError: true) > 0; round++)
        {
        }

        var left = (await CompareAsync(database)).Where(IsError).ToList();
        Assert.True(outcome == OutcomeOf(first, left), $"{OutcomeOf(first, left)}\n{string.Join('\n', first.Concat(left))}");
        Assert.All(left, finding => Assert.True(finding.Advice is not null, finding.ToString()));
        if (outcome == FormOutcome.Asked)
        {
            var error = await Assert.ThrowsAsync<MigrationException>(() => MigratorHost.RunAsync(database, migrator => migrator.AdoptAsync()));
            Assert.Contains(left[0].Advice!, error.Message, StringComparison.Ordinal);
            return;
        }

        await MigratorHost.RunAsync(database, migrator => migrator.AdoptAsync());
        await MigratorHost.MigrateAsync(database);
        await AssertVerifiedAsync(database);
    }

    /// <summary>What verify offers for a served form runs, too, and leaves one that is served.</summary>
    private static async Task AssertVerifiedAsync(string database)
    {
        var report = await MigratorHost.RunAsync(database, migrator => migrator.VerifyAsync());
        Assert.True(report.IsMatch, string.Join('\n', report.Findings));
        _ = await RunAsync(database, report.Findings, isError: false);

        var again = await MigratorHost.RunAsync(database, migrator => migrator.VerifyAsync());
        Assert.True(again.IsMatch, string.Join('\n', again.Findings));
        Assert.DoesNotContain(again.Findings, finding => finding is { FixSql: not null, Severity: FindingSeverity.Error });
    }

    /// <returns>How many mends there were.</returns>
    private static async Task<int> RunAsync(string database, IReadOnlyList<SchemaFinding> findings, bool isError)
    {
        foreach (var query in findings.Select(finding => finding.Query).OfType<string>())
        {
            await TryAsync(database, query);
        }

        var mends = findings.Where(finding => !isError || IsError(finding)).Select(finding => finding.FixSql).OfType<string>().ToList();
        foreach (var mend in mends)
        {
            // A statement a line, but where a block has several.
            foreach (var statement in mend.Contains('$', StringComparison.Ordinal) || mend.Contains("CREATE TABLE", StringComparison.Ordinal) ? [mend] : mend.Split('\n'))
            {
                await TryAsync(database, statement);
            }
        }

        return mends.Count;
    }

    private static async Task TryAsync(string database, string sql)
    {
        try
        {
            await Sql.ExecuteAsync(database, sql);
        }
        catch (PostgresException exception)
        {
            Assert.Fail($"{exception.MessageText} {exception.Detail}\n{sql}");
        }
    }

    private static async Task<IReadOnlyList<SchemaFinding>> CompareAsync(string database) =>
        (await MigratorHost.RunAsync(database, migrator => migrator.AdoptAsync(new AdoptOptions { DryRun = true }))).Findings;

    private static FormOutcome OutcomeOf(IReadOnlyList<SchemaFinding> first, List<SchemaFinding> left) =>
        left.Count > 0 ? FormOutcome.Asked : first.Any(IsError) ? FormOutcome.Mended : FormOutcome.Served;

    private static bool IsError(SchemaFinding finding) => finding.Severity == FindingSeverity.Error;
}

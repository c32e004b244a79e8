using System.Text.RegularExpressions;
using AiSystemSpec.Sdk.IntegrationTests.Infrastructure;

namespace AiSystemSpec.Sdk.IntegrationTests.Publishing;

/// <summary>A trimmed and a native program that use the cache and the run logger, published and run as a host would.</summary>
[Trait("Category", "Publish")]
public sealed partial class PublishTests(PostgresFixture postgres, PublishFolder folder) : IClassFixture<PostgresFixture>, IClassFixture<PublishFolder>
{
    /// <summary>
    /// Whose warnings remain: EF Core's and its provider's, which are not made for it. The SDK refers to them for what reads scripts and
    /// runs; neither the cache nor the run logger runs any of it.
    /// </summary>
    private static readonly string[] Known =
        ["Microsoft.EntityFrameworkCore", "Microsoft.EntityFrameworkCore.Relational", "Npgsql.EntityFrameworkCore.PostgreSQL"];

    [Theory]
    [InlineData("trimmed")]
    [InlineData("native")]
    public async Task Cache_and_run_logger_work_in_a_program_that_is(string publishAs)
    {
        var published = await folder.PublishAsync(publishAs);
        Assert.True(published.Code == 0, published.Said);
        var warnings = published.Out.Split('\n').Where(line => WarningCode().IsMatch(line)).ToList();
        Assert.DoesNotContain(warnings, line => !Known.Any(assembly => line.Contains($"Assembly '{assembly}'", StringComparison.Ordinal)));

        var run = await ProgramRun.OfAsync(folder.Path, folder.ProgramOf(publishAs), postgres.ConnectionString);

        Assert.True(run.Code == 0, run.Said);
        var lines = run.Out.TrimEnd().Split('\n');
        Assert.Equal(
            ["window: 1.00:00:00, queue: 77", "call 1: Researched", "call 2: Hit", "fresh: 2, latest: True, removed: 1", "written: 3, dropped: 0"],
            lines[..^1]);
        var runId = lines[^1].Split(": ")[1];
        Assert.Equal("qa success 0.5 {\"a\": 1}|research success - |research success - |upload skipped - ", await Sql.ScalarAsync<string>(
            postgres.ConnectionString,
            "SELECT string_agg(concat_ws(' ', stage, status, coalesce(metrics ->> 'cost_usd', '-'), coalesce(input_refs::text, '')), '|' ORDER BY stage) FROM public.pipeline_runs WHERE run_id = $1",
            runId));
    }

    [GeneratedRegex("warning IL[0-9]+", RegexOptions.NonBacktracking)]
    private static partial Regex WarningCode();
}

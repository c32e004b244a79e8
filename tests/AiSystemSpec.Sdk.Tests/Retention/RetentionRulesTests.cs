using AiSystemSpec.Sdk.Retention.Purging;

namespace AiSystemSpec.Sdk.Tests.Retention;

public sealed class RetentionRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Any_without_ages_and_numbers_is_false() =>
        Assert.False(RetentionRules.Any(new RetentionOptions { RunAgesByStatus = { [RunStatus.Retry] = null } }));

    [Fact]
    public void Of_an_age_counts_from_the_databases_clock()
    {
        var rule = Assert.Single(RetentionRules.Of(new RetentionOptions { ResearchAge = TimeSpan.FromDays(30) }, Now));
        Assert.Equal((RowKind.Research, Now.AddDays(-30), true, null), (rule.Kind, rule.Before, rule.HasAge, rule.Keep));
        Assert.Contains("topic <> 'system'", rule.CountSql, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_number_alone_leaves_what_is_written_from_now_on()
    {
        var rule = Assert.Single(RetentionRules.Of(new RetentionOptions { KeepLatestScripts = 3 }, Now));
        Assert.Equal((RowKind.Script, Now, false, 3), (rule.Kind, rule.Before, rule.HasAge, rule.Keep));
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(800_000, false)]
    public void Of_an_age_that_reaches_before_year_1_is_no_rule(int days, bool isRule) =>
        Assert.Equal(isRule, RetentionRules.Of(new RetentionOptions { RunAge = TimeSpan.FromDays(days) }, Now).Any());

    [Fact]
    public void Of_statuses_makes_rules_that_share_no_row()
    {
        var rules = RetentionRules.Of(
            new RetentionOptions { RunAge = TimeSpan.FromDays(1), RunAgesByStatus = { [RunStatus.Failure] = TimeSpan.FromDays(2), [RunStatus.Retry] = null } }, Now).ToList();
        Assert.Equal(["failure"], rules.Where(rule => rule.ScopeValue is string).Select(rule => rule.ScopeValue));
        Assert.Equal(["failure", "retry"], Assert.IsType<string[]>(rules.Single(rule => rule.ScopeValue is string[]).ScopeValue));
    }
}

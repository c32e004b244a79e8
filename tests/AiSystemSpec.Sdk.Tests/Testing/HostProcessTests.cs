using AiSystemSpec.Sdk.Testing.Hosts;

namespace AiSystemSpec.Sdk.Tests.Testing;

public sealed class HostProcessTests
{
    private static readonly HostProcess Current = HostProcess.Current;

    [Fact]
    public void FindIn_reads_what_ToString_wrote() =>
        Assert.Equal(Current, HostProcess.FindIn($"run-{Current}-abcdefgh"));

    [Theory]
    [InlineData(null)]
    [InlineData("run-of-somebody")]
    public void FindIn_finds_nothing_in_other_texts(string? text) => Assert.Null(HostProcess.FindIn(text));

    [Fact]
    public void IsGone_is_false_for_this_process() => Assert.False(Current.IsGone());

    [Fact]
    public void IsGone_is_true_when_the_number_belongs_to_a_later_process() =>
        Assert.True((Current with { Started = Current.Started - 1 }).IsGone());

    [Fact]
    public void IsGone_is_true_for_an_earlier_boot() => Assert.True((Current with { Boot = "00000000" }).IsGone());

    [Fact]
    public void IsGone_is_false_where_nothing_can_be_known()
    {
        Assert.False((Current with { Machine = "00000000", Started = 1 }).IsGone());
        Assert.False((Current with { Space = "1", Started = 1 }).IsGone());
    }
}

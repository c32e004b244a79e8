using ContentPipeline.Researching;

namespace AiSystemSpec.Sdk.SampleTests.ContentPipeline;

public sealed class SentencesTests
{
    [Theory]
    [InlineData("One. Two! Is it three? Yes.", 4)]
    [InlineData("It cost 3.50 dollars. \"Really?\" he said. He went.", 3)]
    [InlineData("冰很滑。為什麼？因為表面。", 3)]
    [InlineData("no end", 1)]
    [InlineData("  ", 0)]
    public void Split_ends_at_full_stops(string text, int count) => Assert.Equal(count, Sentences.Split(text).Count());

    [Theory]
    [InlineData("word ")]
    [InlineData("unbroken")]
    [InlineData("x🙂")]
    public void Split_cuts_what_nobody_can_speak(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 1_000)).TrimEnd();

        var sentences = Sentences.Split(text).ToList();

        Assert.All(sentences, sentence => Assert.InRange(sentence.Length, 1, Sentences.MaxLength));
        Assert.Equal(text.Replace(" ", "", StringComparison.Ordinal), string.Concat(sentences).Replace(" ", "", StringComparison.Ordinal));
        Assert.All(sentences, sentence => Assert.Equal(sentence, new string(sentence.EnumerateRunes().SelectMany(rune => rune.ToString()).ToArray())));
    }
}

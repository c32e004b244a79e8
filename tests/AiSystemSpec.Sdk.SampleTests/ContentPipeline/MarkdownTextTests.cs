using ContentPipeline.Input;

namespace AiSystemSpec.Sdk.SampleTests.ContentPipeline;

public sealed class MarkdownTextTests
{
    [Theory]
    [InlineData("# One #\n\nText.\n\n## Two", "One")]
    [InlineData("Text.\n\n### Later\nMore.", "Later")]
    [InlineData("Title\n=====\n\nText.", "Title")]
    [InlineData("---\ntitle: x\n---\n# *Real* [title](http://localhost)\nText.", "Real title")]
    [InlineData("```\n# a comment\n```\n# Title", "Title")]
    [InlineData("#\n\n#hashtag\n\nText.", null)]
    public void Parse_title_is_the_first_heading(string markdown, string? title) =>
        Assert.Equal(title, MarkdownText.Parse(markdown).Title);

    [Fact]
    public void Parse_paragraphs_are_prose_without_markup()
    {
        const string Markdown = "# T\r\n\r\nA **bold**\r\nword, a_name, 5 < 6.\r\n\r\n---\r\n\r\n- one\r\n- `two`\r\n1. ![three](x.png)\r\n\r\n> quoted <b>text</b>\r\n\r\n```\r\ncode\r\n```\r\n";

        var (_, paragraphs) = MarkdownText.Parse(Markdown);

        Assert.Equal(["A bold word, a_name, 5 < 6.", "one", "two", "three", "quoted text"], paragraphs);
    }
}

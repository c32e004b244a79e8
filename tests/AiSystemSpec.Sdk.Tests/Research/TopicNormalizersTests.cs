namespace AiSystemSpec.Sdk.Tests.Research;

public sealed class TopicNormalizersTests
{
    [Theory]
    [InlineData("  a \t\r\n b\u00A0\u2003c ", "a b c")]
    [InlineData("e\u0301clair", "\u00E9clair")]
    [InlineData("Case Kept", "Case Kept")]
    [InlineData(" \t ", "")]
    public void CollapseWhiteSpace_makes_alike_what_looks_alike(string topic, string expected) =>
        Assert.Equal(expected, TopicNormalizers.CollapseWhiteSpace(topic));

    [Theory]
    [InlineData("https://www.youtube.com/watch?v=dQw4w9WgXcQ")]
    [InlineData("http://youtube.com/watch?list=PL1&v=dQw4w9WgXcQ&t=42s")]
    [InlineData("m.youtube.com/watch?v=dQw4w9WgXcQ#t=1")]
    [InlineData("https://music.youtube.com/watch?v=dQw4w9WgXcQ&si=x")]
    [InlineData("https://youtu.be/dQw4w9WgXcQ?si=abc")]
    [InlineData("https://www.youtube.com/shorts/dQw4w9WgXcQ")]
    [InlineData("https://www.youtube.com/live/dQw4w9WgXcQ?feature=share")]
    [InlineData("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ")]
    [InlineData("  HTTPS://YouTu.be/dQw4w9WgXcQ  ")]
    public void VideoId_reads_the_id_of_every_usual_form(string topic) => Assert.Equal("dQw4w9WgXcQ", TopicNormalizers.VideoId(topic));

    [Theory]
    [InlineData("https://vimeo.com/76979871", "76979871")]
    [InlineData("https://player.vimeo.com/video/76979871?h=8", "76979871")]
    [InlineData("https://www.tiktok.com/@someone/video/7106594312292453675", "7106594312292453675")]
    [InlineData("https://dai.ly/x7u5g4d", "x7u5g4d")]
    public void VideoId_knows_other_hosts(string topic, string expected) => Assert.Equal(expected, TopicNormalizers.VideoId(topic));

    [Theory]
    [InlineData("octopus  sleep", "octopus sleep")]
    [InlineData("https://www.youtube.com/@channel", "https://www.youtube.com/@channel")]
    [InlineData("https://youtu.be/dQw4w9WgXcQtoolong", "https://youtu.be/dQw4w9WgXcQtoolong")]
    [InlineData("https://evil.example/watch?v=dQw4w9WgXcQ", "https://evil.example/watch?v=dQw4w9WgXcQ")]
    [InlineData("see https://youtu.be/dQw4w9WgXcQ", "see https://youtu.be/dQw4w9WgXcQ")]
    public void VideoId_leaves_other_topics_as_they_are(string topic, string expected) =>
        Assert.Equal(expected, TopicNormalizers.VideoId(topic));
}

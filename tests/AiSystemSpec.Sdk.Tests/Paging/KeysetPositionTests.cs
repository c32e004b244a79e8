using AiSystemSpec.Sdk.Paging;
using CsCheck;

namespace AiSystemSpec.Sdk.Tests.Paging;

public sealed class KeysetPositionTests
{
    [Fact]
    public void Cursor_reads_back_whatever_the_position() =>
        Gen.Select(Gen.Long, Gen.Guid, Gen.Bool).Sample((microseconds, id, isDated) =>
        {
            var position = new KeysetPosition(isDated ? microseconds : null, id);
            Assert.Equal(position, KeysetPosition.FromCursor(position.ToCursor(KeysetList.Scripts), KeysetList.Scripts, "cursor"));
        });

    [Fact]
    public void Cursor_of_another_list_is_refused()
    {
        var cursor = new KeysetPosition(null, Guid.NewGuid()).ToCursor(KeysetList.Scripts);
        Assert.Equal("cursor", Assert.Throws<ArgumentException>(() => KeysetPosition.FromCursor(cursor, KeysetList.PipelineRuns, "cursor")).ParamName);
    }

    [Fact]
    public void FromCursor_refuses_any_other_text_with_the_argument_named() =>
        Gen.String.Sample(text => Assert.Equal("cursor", Assert.Throws<ArgumentException>(() => KeysetPosition.FromCursor(text, KeysetList.Scripts, "cursor")).ParamName));
}

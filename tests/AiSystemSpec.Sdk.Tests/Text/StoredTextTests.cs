using System.Text;
using AiSystemSpec.Sdk.Text;
using CsCheck;

namespace AiSystemSpec.Sdk.Tests.Text;

public sealed class StoredTextTests
{
    [Fact]
    public void IsValid_agrees_with_a_strict_encoder()
    {
        var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        Gen.Char.Array[0, 20].Select(characters => new string(characters)).Sample(text => Assert.Equal(CanEncode(text) && !text.Contains('\0'), StoredText.IsValid(text)), iter: 20_000);

        bool CanEncode(string text)
        {
            try
            {
                _ = strict.GetByteCount(text);
                return true;
            }
            catch (EncoderFallbackException)
            {
                return false;
            }
        }
    }

    [Fact] // not a theory: attributes keep their texts as UTF-8, which has no lone surrogates
    public void IsValid_knows_what_text_can_hold()
    {
        Assert.All(["", "a", "\uD83D\uDC19", "a\uD83D\uDC19b"], text => Assert.True(StoredText.IsValid(text)));
        Assert.All(["\uD83D", "\uDC19\uD83D", "\uD83D\uD83D\uDC19", "\uD83D\uDC19\uDC19", "a\0"], text => Assert.False(StoredText.IsValid(text)));
    }
}

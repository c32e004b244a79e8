using System.Text;

namespace ContentPipeline.Input;

/// <summary>Reads text that is text: what is not valid UTF-8 (or UTF-16 with its mark) is an error, not a row of question marks.</summary>
internal static class TextFile
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static async Task<string> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var reader = new StreamReader(path, StrictUtf8, detectEncodingFromByteOrderMarks: true);
            var text = await reader.ReadToEndAsync(cancellationToken);
            return !string.IsNullOrWhiteSpace(text) ? text : throw new InvalidDataException($"{Path.GetFileName(path)} is empty.");
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidDataException($"{Path.GetFileName(path)} is not UTF-8 text.", exception);
        }
    }
}

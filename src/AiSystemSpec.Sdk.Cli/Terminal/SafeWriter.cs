using System.Text;

namespace AiSystemSpec.Sdk.Cli.Terminal;

/// <summary>Lets through no control character but line breaks, so that no stored text, error or name commands the terminal.</summary>
internal sealed class SafeWriter(TextWriter inner) : TextWriter(inner.FormatProvider)
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => inner.Write(VisibleText.Lines(value.ToString()));

    public override void Write(string? value) => inner.Write(VisibleText.Lines(value ?? ""));

    public override void Write(char[] buffer, int index, int count) => inner.Write(VisibleText.Lines(new string(buffer, index, count)));

    public override void WriteLine() => inner.WriteLine();

    public override void WriteLine(string? value) => inner.WriteLine(VisibleText.Lines(value ?? ""));

    public override Task WriteAsync(string? value) => inner.WriteAsync(VisibleText.Lines(value ?? ""));

    public override Task WriteLineAsync(string? value) => inner.WriteLineAsync(VisibleText.Lines(value ?? ""));

    public override Task WriteLineAsync() => inner.WriteLineAsync();

    public override void Flush() => inner.Flush();

    /// <summary>Writes what the tool itself made, colours and returns included.</summary>
    public Task WriteOwnLineAsync(string text) => inner.WriteLineAsync(text);

    /// <summary>Writes what the tool itself made, without ending the line.</summary>
    public void WriteOwn(string text) => inner.Write(text);
}

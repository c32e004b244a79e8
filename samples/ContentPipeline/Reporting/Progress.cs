using System.Globalization;
using ContentPipeline.Pipelines;

namespace ContentPipeline.Reporting;

/// <summary>Says what ended, a line for each run of a pass, as it happens. Plain lines: the same in a terminal and in a pipe.</summary>
internal sealed class Progress(TextWriter output, int runs)
{
    private const int ItemWidth = 36;

    private readonly int _digits = runs.ToString(CultureInfo.InvariantCulture).Length;
    private int _ended;

    public void Report(RunReport report)
    {
        var number = (++_ended).ToString(CultureInfo.InvariantCulture).PadLeft(_digits);
        var words = report.Error is null ? report.Done! : $"FAILED: {report.Error}";
        output.WriteLine($"  {number}/{runs}  {ConsoleText.Fit(report.ItemId, ItemWidth),-ItemWidth}  {ConsoleText.OneLine(words)}");
    }
}

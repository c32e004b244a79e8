using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace AiSystemSpec.Sdk.Testing.Hosts;

/// <summary>Whose a folder, container or database is: one process, told apart from later ones that get its number.</summary>
/// <param name="Machine">A hash of the machine's name and id, and of the user.</param>
/// <param name="Boot">A hash of the boot: after another one, every process of this one is gone.</param>
/// <param name="Space">The process namespace: another container's processes cannot be seen, so nothing is said of them.</param>
/// <param name="Id">The process id.</param>
/// <param name="Started">When it started, in the system's own unit.</param>
internal sealed partial record HostProcess(string Machine, string Boot, string Space, int Id, long Started)
{
    private static readonly Lazy<HostProcess> Self = new(static () => Of(Environment.ProcessId)!);

    public static HostProcess Current => Self.Value;

    /// <summary>Reads what <see cref="ToString"/> wrote, anywhere in a text.</summary>
    public static HostProcess? FindIn(string? text)
    {
        var match = Form().Match(text ?? string.Empty);
        return match.Success
            ? new HostProcess(
                match.Groups["machine"].Value,
                match.Groups["boot"].Value,
                match.Groups["space"].Value,
                int.Parse(match.Groups["id"].ValueSpan, CultureInfo.InvariantCulture),
                long.Parse(match.Groups["started"].ValueSpan, CultureInfo.InvariantCulture))
            : null;
    }

    /// <summary>Whether the process is known to be gone; false where this process cannot know.</summary>
    public bool IsGone()
    {
        if (!string.Equals(Machine, Current.Machine, StringComparison.Ordinal))
        {
            return false;
        }

        if (!string.Equals(Boot, Current.Boot, StringComparison.Ordinal))
        {
            return true;
        }

        return string.Equals(Space, Current.Space, StringComparison.Ordinal) && ProcessClock.StartOf(Id) != Started;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"h{Machine}-{Boot}-{Space}-{Id}-{Started}");

    private static HostProcess? Of(int id) =>
        ProcessClock.StartOf(id) is { } started
            ? new HostProcess(MachineFacts.Machine, MachineFacts.Boot, MachineFacts.Space, id, started)
            : throw new UnreachableException("A process can read its own start time.");

    [GeneratedRegex("h(?<machine>[0-9a-f]{8})-(?<boot>[0-9a-f]{8})-(?<space>[0-9]{1,12})-(?<id>[0-9]{1,10})-(?<started>[0-9]{1,20})", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Form();
}

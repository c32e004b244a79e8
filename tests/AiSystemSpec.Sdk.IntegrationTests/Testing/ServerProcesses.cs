using System.Globalization;

namespace AiSystemSpec.Sdk.IntegrationTests.Testing;

/// <summary>Looks at processes through /proc.</summary>
internal static class ServerProcesses
{
    /// <summary>Processes that have the text in their command line.</summary>
    public static IReadOnlyList<int> Naming(string text) =>
        [.. Ids().Where(id => Read(id, "cmdline").Contains(text, StringComparison.Ordinal))];

    /// <summary>A process' children with that program name.</summary>
    public static IReadOnlyList<int> ChildrenOf(int parent, string program) =>
        [.. Ids().Where(id => Read(id, "stat").Contains(string.Create(CultureInfo.InvariantCulture, $"({program}) S {parent} "), StringComparison.Ordinal))];

    public static async Task WaitUntilNoneNamesAsync(string text)
    {
        for (var i = 0; i < 100 && Naming(text).Count > 0; i++)
        {
            await Task.Delay(100);
        }

        Assert.Empty(Naming(text));
    }

    private static IEnumerable<int> Ids() =>
        Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(static name => name!.All(char.IsAsciiDigit)).Select(static name => int.Parse(name!, CultureInfo.InvariantCulture));

    private static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/{file}"));
        }
        catch (IOException)
        {
            return string.Empty;
        }
    }
}
